/** Byte offset of a line in a log, with the context needed to resume there. */
export interface ResumePoint {
  /** Offset of the line's first character, from 0; never 0. */
  readonly byte: number;
  /** Earlier lines that later ones depend on, such as a header. */
  readonly context: readonly string[];
}
