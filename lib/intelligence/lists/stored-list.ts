import type { ListTraits } from './list-traits.ts';
import type { PackedRanges } from './packed-ranges.ts';
import type { LeftOutKind } from './reading/list-entry.ts';

/** A list's entry in the table's index of lists. */
export interface StoredList extends ListTraits {
  /** Unique to each time the list is stored. */
  readonly version: string;
  /** Number of ranges, many of them single addresses. */
  readonly ranges: number;
  /** Addresses in its ranges; at most 2^53 - 1. */
  readonly addresses: number;
  /** Number of items that hold it. */
  readonly chunks: number;
  /** Entries left out of it, by reason. */
  readonly leftOut?: Readonly<Partial<Record<LeftOutKind, number>>>;
  /** When it was published or imported, epoch milliseconds. */
  readonly listedAtMs: number;
  readonly expiresAtMs: number;
}

/** Storage of lists. */
export interface ListStore {
  /** Lists that have not expired. */
  list(nowMs: number): Promise<StoredList[]>;
  /** The content of a list; undefined if it is no longer, or not yet, complete. */
  load(list: StoredList): Promise<PackedRanges[] | undefined>;
}
