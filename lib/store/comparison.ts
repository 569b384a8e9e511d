import type { Direction } from '../consensus/scoring-input.ts';
import type { EvidenceSource } from '../consensus/verdict.ts';
import type { ScorerName } from '../consensus/vote.ts';

/** Buckets of equal width over differences from 0 to 1; the last includes 1. */
export const DIVERGENCE_BUCKETS = 10;

/** How the legacy and the consensus score of the same inputs compare; they are counted where both are there. */
export interface Comparison {
  readonly compared: number;
  /** Those whose scores are no further apart than the divergence threshold. */
  readonly agreements: number;
  /**
   * A row for those that are not malicious by the legacy score and one for those that are, and in each a column for the
   * same by the consensus score. Code reads it by name: see `countFlips`.
   */
  readonly flips: readonly (readonly number[])[];
  /** Flips, in both directions, that no evidence explains which the legacy score ignores. */
  readonly unexplained_flips: number;
  /** Sum of the differences, consensus minus legacy. */
  readonly difference_sum: number;
  /** By the size of the difference. */
  readonly divergence_histogram: readonly number[];
  /** By score, in the same buckets as the threat scores. */
  readonly legacy_histogram: readonly number[];
  readonly consensus_histogram: readonly number[];
}

/** An endpoint whose scores are further apart than the divergence threshold. */
export interface Divergence {
  readonly address: string;
  readonly dst_port?: number;
  readonly protocol?: string;
  readonly direction?: Direction;
  readonly legacy_score: number;
  readonly consensus_score: number;
  /** Sources that had an answer; the legacy score is from the first of VirusTotal and AbuseIPDB, else a constant. */
  readonly evidence: readonly EvidenceSource[];
  /** Why the scorers voted as they did. */
  readonly reasons: Readonly<Partial<Record<ScorerName, string>>>;
}

/** How far the scores are apart, 0-1. */
export function divergenceOf({
  legacy_score,
  consensus_score,
}: Pick<Divergence, 'legacy_score' | 'consensus_score'>): number {
  // Without the rounding, 0.9 - 0.7 would be further apart than 0.2.
  return Math.round(Math.abs(consensus_score - legacy_score) * 1e9) / 1e9;
}
