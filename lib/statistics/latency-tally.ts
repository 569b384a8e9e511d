/** Latencies by the millisecond, each as often as assessments had it: enough for percentiles of any number of them. */
export class LatencyTally {
  readonly #assessments = new Map<number, number>();
  #total = 0;

  add(milliseconds: number, assessments: number): void {
    const rounded = Math.ceil(milliseconds);
    this.#assessments.set(rounded, (this.#assessments.get(rounded) ?? 0) + assessments);
    this.#total += assessments;
  }

  /** @param share 0-1 @returns null where nothing was added */
  quantile(share: number): number | null {
    if (this.#total === 0) return null;
    let below = 0;
    for (const [milliseconds, assessments] of [...this.#assessments].sort(([a], [b]) => a - b)) {
      below += assessments;
      if (below >= share * this.#total) return milliseconds;
    }
    return null;
  }
}
