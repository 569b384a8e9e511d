/** Something that is not as it must be. */
export interface Discrepancy {
  /** One of few short texts, to count by. */
  readonly what: string;
  readonly detail: string;
}

/** More of one kind say nothing new. */
const MOST_OF_A_KIND = 5;

/** Collects what an audit finds, a few of each kind in full and the rest as a number. */
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

  /** How many there are of each kind. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
