import { weightedQuantile } from './quantile.ts';

/** A histogram of latencies by millisecond, weighted by assessments: enough for percentiles in constant memory. */
export class LatencyTally {
  readonly #assessments = new Map<number, number>();

  add(milliseconds: number, assessments: number): void {
    const rounded = Math.ceil(milliseconds);
    this.#assessments.set(rounded, (this.#assessments.get(rounded) ?? 0) + assessments);
  }

  /** @param share 0-1 @returns null if nothing was added */
  quantile(share: number): number | null {
    const samples = [...this.#assessments].map(([value, weight]) => ({ value, weight }));
    return weightedQuantile(samples, share);
  }
}
