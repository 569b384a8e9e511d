/** Reads any bytes of something that is too large to hold. */
export interface RandomAccess {
  readonly byteLength: number;
  /** From a place up to another, which is not included; by default up to the end. */
  readonly slice: (start: number, end?: number) => Promise<ArrayBuffer>;
}

/** What reading a log may hold in memory at a time; a log that needs more is refused. */
export interface ReadLimits {
  /** Of a line, an object, or an array that is all of the log. */
  readonly textCharacters: number;
  /** Of a column of a row group as it is packed, and of a page of it when it is unpacked. */
  readonly columnBytes: number;
}
