/** How far a log was read: everything before a position, and so many entries at it. */
export interface LogPlace {
  /** As entries have it, from 1. */
  readonly position: number;
  /** A line may stand for several entries, of which not all need have been read. */
  readonly entries: number;
}
