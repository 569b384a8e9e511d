import type { Direction } from '../consensus/scoring-input.ts';
import type { EvidenceSource } from '../consensus/verdict.ts';
import type { ScorerName } from '../consensus/vote.ts';

/** Buckets of equal width over differences from 0 to 1; the last includes 1. */
export const DIVERGENCE_BUCKETS = 10;

/** How the legacy and the consensus score of the same inputs compare; only inputs with both are counted. */
export interface Comparison {
  readonly compared: number;
  /** Inputs whose scores differ by no more than the divergence threshold. */
  readonly agreements: number;
  /**
   * The first row holds inputs that are not malicious by the legacy score, the second those that are; in each row the
   * columns say the same by the consensus score. Code reads it by name: see `countFlips`.
   */
  readonly flips: readonly (readonly number[])[];
  /** Flips, in both directions, without any evidence that the legacy score ignores and that would explain them. */
  readonly unexplained_flips: number;
  /** Sum of the differences, consensus minus legacy. */
  readonly difference_sum: number;
  /** By the size of the difference. */
  readonly divergence_histogram: readonly number[];
  /** By score, in the same buckets as the threat scores. */
  readonly legacy_histogram: readonly number[];
  readonly consensus_histogram: readonly number[];
}

/** An endpoint whose scores differ by more than the divergence threshold. */
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

/** The difference between the scores, 0-1. */
export function divergenceOf({
  legacy_score,
  consensus_score,
}: Pick<Divergence, 'legacy_score' | 'consensus_score'>): number {
  // Without rounding, 0.9 - 0.7 would be greater than 0.2.
  return Math.round(Math.abs(consensus_score - legacy_score) * 1e9) / 1e9;
}
