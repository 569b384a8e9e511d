/** Where in the bytes of a log a line begins, with what it takes to read on from there alone. */
export interface ResumePoint {
  /** Of the line's first character, from 0; never 0. */
  readonly byte: number;
  /** Earlier lines on which those from there on depend, such as a header. */
  readonly context: readonly string[];
}
