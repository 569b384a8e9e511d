/** How far a log was read: everything before a position, and a number of entries at it. */
export interface LogPlace {
  /** Position as in entries, from 1. */
  readonly position: number;
  /** A line may hold several entries, of which only some may have been read. */
  readonly entries: number;
}
