import type { PackedRanges } from '../lists/packed-ranges.ts';
import type { StoredList } from '../lists/stored-list.ts';
import type { FeedState } from './feed-state.ts';

/** Storage for the lists of feeds and the state of each feed. */
export interface FeedStore {
  /** Lists that have not expired. */
  lists(nowMs: number): Promise<readonly StoredList[]>;
  /** The ranges of a list; undefined if it is no longer complete. */
  load(list: StoredList): Promise<readonly PackedRanges[] | undefined>;
  /** Replaces the last list of this name, atomically. */
  replace(list: StoredList, chunks: readonly PackedRanges[]): Promise<void>;
  /** By feed name. */
  states(): Promise<ReadonlyMap<string, FeedState>>;
  putState(name: string, state: FeedState): Promise<void>;
}
