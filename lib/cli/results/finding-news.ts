import type { Finding } from '../../store/finding.ts';

/** A finding that is new or has changed. */
export interface FindingNews {
  readonly finding: Finding;
  /** Its highest score before; undefined if it is new. */
  readonly scoreBefore: number | undefined;
}
