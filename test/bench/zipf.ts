import type { Random } from './random.ts';

/**
 * Draws ranks from 0 whose frequency falls as 1 / (rank + 1), as the popularity of hosts does (Zipf's law with
 * exponent 1).
 */
export class Zipf {
  /** cumulative[k]: weights of ranks 0 to k. */
  readonly #cumulative: Float64Array;

  constructor(ranks: number) {
    this.#cumulative = new Float64Array(ranks);
    let sum = 0;
    for (let rank = 0; rank < ranks; rank++) {
      sum += 1 / (rank + 1);
      this.#cumulative[rank] = sum;
    }
  }

  /** One of the first `ranks` ranks; at least one, at most as many as there are. */
  draw(ranks: number, random: Random): number {
    const wanted = random() * (this.#cumulative[ranks - 1] ?? 0);
    let low = 0;
    let high = ranks - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cumulative[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
