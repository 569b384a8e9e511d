import type { ListTraits } from './list-traits.ts';
import type { PackedRanges } from './packed-ranges.ts';
import type { LeftOutKind } from './reading/list-entry.ts';

/** A list as the table's index of lists has it. */
export interface StoredList extends ListTraits {
  /** Another one each time that the list is stored. */
  readonly version: string;
  /** Ranges, of which many are single addresses. */
  readonly ranges: number;
  /** Addresses in its ranges; at most 2^53 - 1. */
  readonly addresses: number;
  /** Items that hold it. */
  readonly chunks: number;
  /** What was not taken from it, by reason. */
  readonly leftOut?: Readonly<Partial<Record<LeftOutKind, number>>>;
  /** When it was published or imported, epoch milliseconds. */
  readonly listedAtMs: number;
  readonly expiresAtMs: number;
}

/** Where lists are kept. */
export interface ListStore {
  /** Lists that have not expired. */
  list(nowMs: number): Promise<StoredList[]>;
  /** What a list holds; undefined if it is no longer, or not yet, there as a whole. */
  load(list: StoredList): Promise<PackedRanges[] | undefined>;
}
