import type { ListKind } from '../../consensus/listing.ts';
import type { LeftOutKind } from '../../intelligence/lists/reading/list-entry.ts';

/** A list in use, in the JSON output. */
export interface ListInUse {
  readonly source: string;
  readonly kind: ListKind;
  readonly family: string;
  readonly weight: number;
  readonly half_life_days: number;
  /** Addresses on the list, including those in its ranges. */
  readonly addresses: number;
  /** Stored ranges, many of which are single addresses. */
  readonly ranges: number;
  /** Entries left out, by reason. */
  readonly left_out: Readonly<Partial<Record<LeftOutKind, number>>>;
  readonly listed_at: string;
  readonly expires_at: string;
}

/** Result of fetching a list, in the JSON output. */
export interface FeedTry {
  readonly last_try_at: string;
  /** Time of the last successful fetch, and the publisher's number of entries then. */
  readonly fetched_at?: string;
  readonly entries?: number;
  /** Consecutive failures. */
  readonly failures: number;
  /** Error of the last attempt. */
  readonly problem?: string;
  readonly detail?: string;
}

/** Lists in use, and feeds that have none. */
export interface ListsInUse {
  readonly lists: readonly (ListInUse & { readonly feed?: FeedTry })[];
  readonly without: readonly { readonly source: string; readonly feed: FeedTry }[];
}

/** Result of importing a list, in the JSON output. */
export interface ImportFigures extends ListInUse {
  /** Number of addresses on the list it replaced. */
  readonly replaced: number;
}

/** A line, or element of JSON, that was not taken from a list. */
export interface LeftOutEntry {
  readonly unit: 'line' | 'element';
  /** From 1. */
  readonly position: number;
  readonly kind: LeftOutKind;
  readonly reason: string;
}
