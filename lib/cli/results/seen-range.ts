/** A range of event times, epoch milliseconds; the end is exclusive. */
export interface SeenRange {
  readonly fromMs: number;
  readonly toMs: number;
}
