import type { LeftOutKind } from '../../intelligence/lists/reading/list-entry.ts';

/** What an import of a blocklist came to, as it is printed for programs. */
export interface ImportFigures {
  readonly source: string;
  /** Addresses of the set, those in its ranges included. */
  readonly addresses: number;
  /** Ranges among what is stored. */
  readonly ranges: number;
  readonly lists: number;
  /** What was left out, by why. */
  readonly left_out: Readonly<Partial<Record<LeftOutKind, number>>>;
  /** Addresses that the source had before. */
  readonly replaced: number;
  readonly expires_at: string;
}

/** What was not taken from a blocklist: a line of it, or an element of JSON. */
export interface LeftOutEntry {
  readonly unit: 'line' | 'element';
  /** From 1. */
  readonly position: number;
  readonly kind: LeftOutKind;
  readonly reason: string;
}

/** An offline set, as it is printed for programs. */
export interface OfflineSet {
  readonly source: string;
  readonly addresses: number;
  readonly ranges: number;
  readonly lists: number;
  readonly imported_at: string;
  readonly expires_at: string;
}
