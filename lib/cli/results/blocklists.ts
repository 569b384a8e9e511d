/** What an import of a blocklist came to, as it is printed for programs. */
export interface ImportFigures {
  readonly source: string;
  readonly addresses: number;
  readonly lists: number;
  /** Lines that were left out. */
  readonly skipped: number;
  /** Addresses that the source had before. */
  readonly replaced: number;
  readonly expires_at: string;
}

/** A line that is no address and no block that is taken. */
export interface SkippedLine {
  readonly line: number;
  readonly reason: string;
}

/** An offline set, as it is printed for programs. */
export interface OfflineSet {
  readonly source: string;
  readonly addresses: number;
  readonly lists: number;
  readonly imported_at: string;
  readonly expires_at: string;
}
