/** Random access to something too large to hold in memory. */
export interface RandomAccess {
  readonly byteLength: number;
  /** Reads from `start` to `end` (exclusive), by default to the end. */
  readonly slice: (start: number, end?: number) => Promise<ArrayBuffer>;
}

/** Limits on the memory that reading a log may take; a log that needs more is refused. */
export interface ReadLimits {
  /** For a line, an object, or an array that is the whole log. */
  readonly textCharacters: number;
  /** For a compressed column chunk, and for a decompressed page. */
  readonly columnBytes: number;
}
