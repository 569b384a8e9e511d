import type { PackedRanges } from '../lists/packed-ranges.ts';
import type { StoredList } from '../lists/stored-list.ts';
import type { FeedState } from './feed-state.ts';

/** Where the lists of feeds are kept, and what is remembered of each feed. */
export interface FeedStore {
  /** Lists that have not expired. */
  lists(nowMs: number): Promise<readonly StoredList[]>;
  /** What a list holds; undefined if it is no longer there as a whole. */
  load(list: StoredList): Promise<readonly PackedRanges[] | undefined>;
  /** Puts a list into the place of the last one of its name, at once. */
  replace(list: StoredList, chunks: readonly PackedRanges[]): Promise<void>;
  /** By the names of feeds. */
  states(): Promise<ReadonlyMap<string, FeedState>>;
  putState(name: string, state: FeedState): Promise<void>;
}
