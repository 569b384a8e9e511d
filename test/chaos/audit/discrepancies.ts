/** A difference between expectation and reality. */
export interface Discrepancy {
  /** One of a few short texts, for counting. */
  readonly what: string;
  readonly detail: string;
}

/** More of the same kind add nothing. */
const MOST_OF_A_KIND = 5;

/** Collects an audit's results: a few of each kind in full, the rest as a number. */
export class Discrepancies {
  readonly found: Discrepancy[] = [];
  readonly #counts = new Map<string, number>();

  add(what: string, detail: string): void {
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    if (count <= MOST_OF_A_KIND) this.found.push({ what, detail: detail.slice(0, 600) });
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Number of discrepancies of each kind. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
