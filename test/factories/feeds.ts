import { type Feed, feedSchema } from '../../lib/intelligence/feeds/feed.ts';
import type { FeedState } from '../../lib/intelligence/feeds/feed-state.ts';
import type { FeedStore } from '../../lib/intelligence/feeds/feed-store.ts';
import { rangeText } from '../../lib/intelligence/lists/address-range.ts';
import { type PackedRanges, unpackRanges } from '../../lib/intelligence/lists/packed-ranges.ts';
import type { StoredList } from '../../lib/intelligence/lists/stored-list.ts';

/** A feed of attackers, of a server on this machine. */
export function buildFeed(changes: object = {}): Feed {
  return feedSchema.parse({
    name: 'attackers',
    url: 'http://127.0.0.1/',
    plainHttp: true,
    format: 'lines',
    kind: 'suspicious',
    family: 'attackers',
    weight: 10,
    everyHours: 24,
    halfLifeDays: 7,
    expiresDays: 7,
    licence: { name: 'CC0-1.0', attribution: 'nobody' },
    ...changes,
  });
}

/** Keeps lists and states as the table does, in memory. */
export class FeedStoreInMemory implements FeedStore {
  readonly stored = new Map<
    string,
    { readonly list: StoredList; readonly chunks: readonly PackedRanges[] }
  >();
  readonly remembered = new Map<string, FeedState>();
  /** All states so far, in order. */
  readonly history: FeedState[] = [];

  async lists(nowMs: number): Promise<StoredList[]> {
    return [...this.stored.values()].map(({ list }) => list).filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  }

  async load({ source }: StoredList): Promise<readonly PackedRanges[] | undefined> {
    return this.stored.get(source)?.chunks;
  }

  async replace(list: StoredList, chunks: readonly PackedRanges[]): Promise<void> {
    this.stored.set(list.source, { list, chunks });
  }

  async states(): Promise<ReadonlyMap<string, FeedState>> {
    return new Map(this.remembered);
  }

  async putState(name: string, state: FeedState): Promise<void> {
    this.remembered.set(name, state);
    this.history.push(state);
  }

  /** What a list holds, with days before or after another one: `192.0.2.1 -3`. */
  holds(source: string, today: number): string[] {
    const { chunks = [] } = this.stored.get(source) ?? {};
    const ranges = [...unpackRanges(chunks).ranges()];
    return ranges.map((range) => `${rangeText(range)} ${range.lastListedDay - today}`);
  }
}
