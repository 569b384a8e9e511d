/** What a long use reports to while it works. */
export interface Progress {
  /** Starts a step; without a total it only counts. */
  step(label: string, total?: number): void;
  update(value: number): void;
}
