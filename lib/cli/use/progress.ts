/** Receives the progress of a long operation. */
export interface Progress {
  /** Starts a step; without a total it only counts. */
  step(label: string, total?: number): void;
  update(value: number): void;
}
