import type { ScorerName, Vote } from './vote.ts';

/** Sources of evidence about an address. */
export type EvidenceSource = 'virustotal' | 'abuseipdb' | 'listings' | 'activity' | 'detections';

/**
 * Upper bound for a verdict's JSON text in bytes of UTF-8, whatever its scorers do: three votes with the longest
 * reasoning and the most features with the longest names, of which JSON writes each UTF-16 code unit as up to six
 * bytes. Verdicts of the engine's own scorers stay below 2,048.
 */
export const LARGEST_VERDICT_BYTES = 90_000;

/** The consensus of the scorers, or why there is none. */
export type Verdict = ConsensusVerdict | FailedVerdict;

interface VerdictCommon {
  /** Valid votes by scorer; a discarded vote is named in `failures` instead. */
  readonly votes: Readonly<Partial<Record<ScorerName, Vote>>>;
  /**
   * Why a scorer's vote was discarded: the scorer threw, or its answer is not a vote that can be counted and stored.
   */
  readonly failures: Readonly<Partial<Record<ScorerName, string>>>;
  /** Valid votes divided by the number of scorers, 0-1. */
  readonly quorum: number;
  /** Sources that had an answer about this address. If empty, nothing is known and the score is a prior. */
  readonly evidence: readonly EvidenceSource[];
}

/** At least `minScorers` votes were valid. */
export interface ConsensusVerdict extends VerdictCommon {
  readonly method: 'median';
  /** Median of the valid votes' scores, 0-1. */
  readonly consensus_score: number;
  /** 0-1. */
  readonly confidence: number;
  /** Highest minus lowest valid vote, 0-1. */
  readonly spread: number;
  /** `spread` exceeds the uncertainty threshold: a human should look. */
  readonly high_uncertainty: boolean;
  /** Scorers further from the median than the outlier threshold. They are named, never removed. */
  readonly outliers: readonly ScorerName[];
  /** Fewer than three valid votes: the median is then a mean and tolerates no fault. */
  readonly degraded: boolean;
}

/** Too few votes were valid: there is no consensus score. */
export interface FailedVerdict extends VerdictCommon {
  readonly method: 'failed';
  /** One line: what is missing and why. */
  readonly reason: string;
}
