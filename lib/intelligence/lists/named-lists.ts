import { RefreshedValue } from '../../aws/refreshed-value.ts';
import { PATIENCE_MS } from '../../aws/time-budget.ts';
import type { RefreshOptions } from '../keys/api-keys.ts';
import type { ListMatch } from './effective-listings.ts';
import { unpackRanges } from './packed-ranges.ts';
import type { RangeSet } from './range-set.ts';
import type { ListStore, StoredList } from './stored-list.ts';

/** Delay after a failed read before the next one. */
const RETRY_MS = 10_000;
/** Time limit of one read, all lists included; the invocation waits for it at its end. */
const READ_TIMEOUT_MS = 5_000;

/** Memory limit for all lists, bytes: ten million IPv4 ranges, or three million IPv6 ranges. */
const MOST_MEMORY_BYTES = 100_000_000;

interface LoadedList {
  readonly list: StoredList;
  readonly ranges: RangeSet;
}

/**
 * The lists in use, complete in memory: a million IPv4 addresses take 10 MB, are read once for each version of their
 * list, and then cost neither time nor reads.
 */
export class NamedLists {
  readonly #lists: readonly LoadedList[];
  /** The current version of some list could not be loaded, or does not fit. */
  readonly isIncomplete: boolean;

  private constructor(lists: readonly LoadedList[], isIncomplete: boolean) {
    this.#lists = lists;
    this.isIncomplete = isIncomplete;
  }

  static readonly NONE = new NamedLists([], false);

  /**
   * Loads the lists in the index, unless they are already loaded. A list that is incomplete or damaged is left at its
   * old version. If they take too much memory, the largest are left out.
   *
   * @param mostBytes memory limit
   * @throws whatever the store throws
   */
  async update(store: ListStore, nowMs: number, mostBytes = MOST_MEMORY_BYTES): Promise<NamedLists> {
    const stored = (await store.list(nowMs)).toSorted((a, b) => a.ranges - b.ranges);
    const loaded = await Promise.all(stored.map((list) => this.#load(store, list)));
    const kept: LoadedList[] = [];
    let isIncomplete = false;
    let bytes = 0;
    for (const [n, list] of stored.entries()) {
      const found = loaded[n];
      isIncomplete ||= found?.list.version !== list.version || bytes + found.ranges.bytes > mostBytes;
      if (found === undefined || bytes + found.ranges.bytes > mostBytes) continue;
      bytes += found.ranges.bytes;
      kept.push(found);
    }
    return new NamedLists(kept, isIncomplete);
  }

  /** There is no list to search. */
  get isEmpty(): boolean {
    return this.#lists.length === 0;
  }

  /**
   * The lists that name an address. If none does, there is no answer: almost every address is on no list, so not being
   * listed means next to nothing.
   *
   * @param address in canonical form
   */
  find(address: string, nowMs: number): ListMatch[] {
    const matches: ListMatch[] = [];
    for (const { list, ranges } of this.#lists) {
      if (list.expiresAtMs <= nowMs) continue;
      const lastListedDay = ranges.lastListedDay(address);
      if (lastListedDay !== undefined) matches.push({ list, lastListedDay });
    }
    return matches;
  }

  async #load(store: ListStore, list: StoredList): Promise<LoadedList | undefined> {
    const known = this.#lists.find((loaded) => loaded.list.source === list.source);
    if (known?.list.version === list.version) return known;
    const parts = await store.load(list);
    if (parts === undefined) return known;
    try {
      return { list, ranges: unpackRanges(parts) };
    } catch {
      return known;
    }
  }
}

/** Caches the lists; at twice the age an invocation waits for new ones, so that a new list is noticed by then. */
export function refreshedLists(
  store: ListStore,
  { now = Date.now, ...options }: RefreshOptions,
): RefreshedValue<NamedLists> {
  return new RefreshedValue({
    ...options,
    now,
    initial: NamedLists.NONE,
    fetch: async (_, last) => await last.update(store, now()),
    tooOldMs: 2 * options.maxAgeMs,
    retryMs: RETRY_MS,
    isProvisional: ({ isIncomplete }) => isIncomplete,
    patience: { firstMs: PATIENCE_MS.sources, refreshMs: PATIENCE_MS.sources },
    timeoutMs: READ_TIMEOUT_MS,
  });
}
