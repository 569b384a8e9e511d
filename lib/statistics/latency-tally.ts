import { weightedQuantile } from './quantile.ts';

/** Latencies by the millisecond, each as often as assessments had it: enough for percentiles of any number of them. */
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
