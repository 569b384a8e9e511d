import type { Finding } from '../../store/finding.ts';

/** A finding that is new or has news. */
export interface FindingNews {
  readonly finding: Finding;
  /** The highest score that was seen of it before; undefined if it is new. */
  readonly scoreBefore: number | undefined;
}
