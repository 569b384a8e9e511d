import { RefreshedValue } from '../../aws/refreshed-value.ts';
import { PATIENCE_MS } from '../../aws/time-budget.ts';
import type { BlocklistIntel } from '../../consensus/scoring-input.ts';
import type { RefreshOptions } from '../keys/api-keys.ts';
import { type PackedAddresses, PackedSet } from './blocklist-set.ts';

/** An offline set as the table lists it. */
export interface BlocklistEntry {
  readonly source: string;
  /** Another one with each import. */
  readonly version: string;
  /** Lists that the set was made of: how often it could have named an address. */
  readonly lists: number;
  /** Those in its ranges included; at most 2^53 - 1. */
  readonly addresses: number;
  readonly ranges: number;
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

/** How soon after a failed reading there is another. */
const RETRY_MS = 10_000;
/** The longest that one reading goes on, all sets included; the invocation waits for it at its end. */
const READ_TIMEOUT_MS = 5_000;

interface LoadedSet {
  readonly entry: BlocklistEntry;
  readonly set: PackedSet;
}

/**
 * The offline sets, whole in memory: a set of 100,000 addresses takes 500 KB, is read once for each of its versions,
 * and from then on costs neither time nor reads.
 */
export class Blocklists {
  readonly #sets: readonly LoadedSet[];
  /** A set is listed whose present version could not be loaded. */
  readonly isIncomplete: boolean;

  private constructor(sets: readonly LoadedSet[], isIncomplete: boolean) {
    this.#sets = sets;
    this.isIncomplete = isIncomplete;
  }

  static readonly NONE = new Blocklists([], false);

  /**
   * Loads the sets that are listed now, as far as they are others than these. A set that is not there as a whole is left
   * as it was.
   *
   * @throws whatever the store throws
   */
  async update(store: BlocklistStore, nowMs: number): Promise<Blocklists> {
    const entries = await store.list(nowMs);
    const loaded = await Promise.all(entries.map((entry) => this.#load(store, entry)));
    const isIncomplete = entries.some((entry, n) => loaded[n]?.entry.version !== entry.version);
    return new Blocklists(
      loaded.filter((set) => set !== undefined),
      isIncomplete,
    );
  }

  /** There is no set to look into. */
  get isEmpty(): boolean {
    return this.#sets.length === 0;
  }

  /**
   * The votes of all sets about an address, with the sets that name it. An address that none names has no answer:
   * almost every address is on no list, so not being listed means next to nothing.
   */
  find(address: string, nowMs: number): (BlocklistIntel & { readonly sets: readonly string[] }) | undefined {
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

  async #load(store: BlocklistStore, entry: BlocklistEntry): Promise<LoadedSet | undefined> {
    const known = this.#sets.find((loaded) => loaded.entry.source === entry.source);
    if (known?.entry.version === entry.version) return known;
    const chunks = await store.load(entry);
    return chunks === undefined ? known : { entry, set: new PackedSet(chunks) };
  }
}

/** Keeps the offline sets for a while; those of twice the age are waited for, so that an import is noticed by then. */
export function refreshedBlocklists(
  store: BlocklistStore,
  { now = Date.now, ...options }: RefreshOptions,
): RefreshedValue<Blocklists> {
  return new RefreshedValue({
    ...options,
    now,
    initial: Blocklists.NONE,
    fetch: async (_, last) => await last.update(store, now()),
    tooOldMs: 2 * options.maxAgeMs,
    retryMs: RETRY_MS,
    isProvisional: ({ isIncomplete }) => isIncomplete,
    patience: { firstMs: PATIENCE_MS.sources, refreshMs: PATIENCE_MS.sources },
    timeoutMs: READ_TIMEOUT_MS,
  });
}
