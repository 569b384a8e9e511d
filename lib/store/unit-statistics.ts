import type { FanOut } from '../activity/fan-out.ts';
import type { ScorerName } from '../consensus/vote.ts';
import type { LookUpOutcome, LookUpSource } from '../intelligence/look-up.ts';
import type { Comparison } from './comparison.ts';

/** Buckets of equal width over the scores from 0 to 1; the last includes 1. */
export const SCORE_BUCKETS = 10;

/** Statistics of one storage unit. Sums over units are the statistics of the service. */
export interface UnitStatistics {
  /** Records in the unit: stored + duplicates + rejected. Skipped entries are not records. */
  readonly records: number;
  readonly stored: number;
  /** Records identical to another one in the unit. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Entries that are not connections, by kind (`alert`, `dns`); absent if there were none. */
  readonly skipped?: Readonly<Record<string, number>>;
  /** Distinct scoring inputs, without those that the allowlist covers. */
  readonly assessments: number;
  /**
   * Scoring inputs that the allowlist covered when they were scored, which no other figure counts; absent if there were
   * none.
   */
  readonly allowed?: number;
  /** Assessments for which the scorers were asked. */
  readonly consensus_assessments: number;
  /** Sum of their consensus scores, used or not. */
  readonly consensus_score_sum: number;
  readonly consensus_failures: number;
  /** Assessments for which the legacy scorer was asked but had no score. */
  readonly legacy_failures: number;
  readonly high_uncertainty: number;
  readonly malicious: number;
  readonly degraded: number;
  /** Assessments for which no source of threat intelligence had an answer. */
  readonly without_evidence: number;
  /** Threat scores of the assessments: their sum, and their number in each bucket. */
  readonly score_sum: number;
  readonly score_histogram: readonly number[];
  readonly scorers: Readonly<Partial<Record<ScorerName, ScorerStatistics>>>;
  /** Absent if no assessment has both scores. */
  readonly comparison?: Comparison;
  /** The site's own hosts that try many targets in vain, a few at most; absent if there were none. */
  readonly fan_outs?: readonly FanOut[];
  /** Addresses by look-up result, for each source; absent if nothing was looked up. */
  readonly lookups?: LookUpStatistics;
}

export type LookUpStatistics = {
  readonly [Source in LookUpSource]?: { readonly [Outcome in LookUpOutcome]?: number };
};

export interface ScorerStatistics {
  readonly votes: number;
  readonly failures: number;
  readonly score_sum: number;
  readonly confidence_sum: number;
}
