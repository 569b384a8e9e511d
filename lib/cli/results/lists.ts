import type { ListKind } from '../../consensus/listing.ts';
import type { LeftOutKind } from '../../intelligence/lists/reading/list-entry.ts';

/** A list in use, as it is printed for programs. */
export interface ListInUse {
  readonly source: string;
  readonly kind: ListKind;
  readonly family: string;
  readonly weight: number;
  readonly half_life_days: number;
  /** Addresses of the list, those in its ranges included. */
  readonly addresses: number;
  /** Ranges that are stored, of which many are single addresses. */
  readonly ranges: number;
  /** What was left out, by why. */
  readonly left_out: Readonly<Partial<Record<LeftOutKind, number>>>;
  readonly listed_at: string;
  readonly expires_at: string;
}

/** What became of fetching a list, as it is printed for programs. */
export interface FeedTry {
  readonly last_try_at: string;
  /** The last good try, and how many entries the publisher had. */
  readonly fetched_at?: string;
  readonly entries?: number;
  /** Failures in a row. */
  readonly failures: number;
  /** Of the last try. */
  readonly problem?: string;
  readonly detail?: string;
}

/** Lists in use, and feeds of which none is. */
export interface ListsInUse {
  readonly lists: readonly (ListInUse & { readonly feed?: FeedTry })[];
  readonly without: readonly { readonly source: string; readonly feed: FeedTry }[];
}

/** What an import of a list came to, as it is printed for programs. */
export interface ImportFigures extends ListInUse {
  /** Addresses that the list had before. */
  readonly replaced: number;
}

/** What was not taken from a list: a line of it, or an element of JSON. */
export interface LeftOutEntry {
  readonly unit: 'line' | 'element';
  /** From 1. */
  readonly position: number;
  readonly kind: LeftOutKind;
  readonly reason: string;
}
