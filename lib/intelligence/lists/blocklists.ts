import type { BlocklistIntel } from '../../consensus/scoring-input.ts';
import { type PackedAddresses, PackedSet } from './blocklist-set.ts';

/** An offline set as the table lists it. */
export interface BlocklistEntry {
  readonly source: string;
  /** Another one with each import. */
  readonly version: string;
  /** Lists that the set was made of: how often it could have named an address. */
  readonly lists: number;
  readonly addresses: number;
  /** Items that hold it. */
  readonly chunks: number;
  readonly importedAtMs: number;
  readonly expiresAtMs: number;
}

/** Where offline sets are kept. */
export interface BlocklistStore {
  /** Sets that have not expired. */
  list(nowMs: number): Promise<BlocklistEntry[]>;
  /** What a set holds; undefined where it is no longer, or not yet, there as a whole. */
  load(entry: BlocklistEntry): Promise<PackedAddresses[] | undefined>;
}

/** How long it takes at most for an import to be noticed, and how soon after a failed reading there is another. */
const FRESH_MS = 30_000;
const RETRY_MS = 10_000;

interface LoadedSet {
  readonly entry: BlocklistEntry;
  readonly set: PackedSet;
}

/**
 * The offline sets, whole in memory: a set of 100,000 addresses takes 500 KB, is read once for each of its versions,
 * and from then on costs neither time nor reads. New versions are read while the old ones are in use.
 */
export class Blocklists {
  readonly #store: BlocklistStore;
  readonly #now: () => number;
  #sets: readonly LoadedSet[] = [];
  #readAgainAtMs = 0;
  #isFirst = true;
  #reading: Promise<void> | undefined;

  constructor(store: BlocklistStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** @param patience resolves when the first reading is to be waited for no longer */
  async ready(patience: Promise<unknown>): Promise<void> {
    if (this.#now() >= this.#readAgainAtMs) this.#reading ??= this.#refresh();
    if (this.#isFirst && this.#reading !== undefined) await Promise.race([this.#reading, patience]);
  }

  /** There is no set to look into. */
  get isEmpty(): boolean {
    return this.#sets.length === 0;
  }

  /**
   * The votes of all sets about an address, with the sets that name it. An address that none names has no answer:
   * almost every address is on no list, so that not to be there says next to nothing.
   */
  find(address: string): (BlocklistIntel & { readonly sets: readonly string[] }) | undefined {
    const nowMs = this.#now();
    let lists = 0;
    let total_lists = 0;
    const sets: string[] = [];
    for (const { entry, set } of this.#sets) {
      if (entry.expiresAtMs <= nowMs) continue;
      total_lists += entry.lists;
      const named = Math.min(set.listsOf(address), entry.lists);
      if (named === 0) continue;
      lists += named;
      sets.push(entry.source);
    }
    return lists === 0 ? undefined : { lists, total_lists, sets };
  }

  async #refresh(): Promise<void> {
    try {
      const entries = await this.#store.list(this.#now());
      const loaded = await Promise.all(entries.map((entry) => this.#load(entry)));
      this.#sets = loaded.filter((set) => set !== undefined);
      const isWhole = entries.every((entry) => this.#versionOf(entry.source) === entry.version);
      this.#readAgainAtMs = this.#now() + (isWhole ? FRESH_MS : RETRY_MS);
      this.#isFirst = false;
    } catch {
      // The sets that are there go on being used.
      this.#readAgainAtMs = this.#now() + RETRY_MS;
    } finally {
      this.#reading = undefined;
    }
  }

  #versionOf(source: string): string | undefined {
    return this.#sets.find(({ entry }) => entry.source === source)?.entry.version;
  }

  async #load(entry: BlocklistEntry): Promise<LoadedSet | undefined> {
    const known = this.#sets.find((loaded) => loaded.entry.source === entry.source);
    if (known?.entry.version === entry.version) return known;
    const chunks = await this.#store.load(entry);
    return chunks === undefined ? known : { entry, set: new PackedSet(chunks) };
  }
}
