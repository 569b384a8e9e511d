interface Kept<Item> {
  readonly key: string;
  readonly size: number;
  readonly item: Item;
}

/**
 * Keeps the largest few items, at most one for each key: a scan of a thousand ports from one address is one finding.
 * Ties keep the earlier one.
 */
export class Largest<Item> {
  readonly #most: number;
  #kept: readonly Kept<Item>[] = [];

  /** @param most maximum number to keep */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param make called only if the item is kept, since building it may take time */
  offer(key: string, size: number, make: () => Item): void {
    const last = this.#kept.at(-1);
    if (this.#kept.length >= this.#most && last !== undefined && size <= last.size) return;
    const known = this.#kept.find((each) => each.key === key);
    if (known !== undefined && size <= known.size) return;
    const others = this.#kept.filter((each) => each !== known);
    const place = others.findIndex((each) => each.size < size);
    const kept = { key, size, item: make() };
    this.#kept = others.toSpliced(place < 0 ? others.length : place, 0, kept).slice(0, this.#most);
  }

  /** Largest first. */
  get items(): Item[] {
    return this.#kept.map(({ item }) => item);
  }
}
