/** When connections were seen, by the events' own times in epoch milliseconds; the end itself is left out. */
export interface SeenRange {
  readonly fromMs: number;
  readonly toMs: number;
}
