import type { ScoringInput } from '../consensus/scoring-input.ts';
import { SCORER_NAMES } from '../consensus/vote.ts';
import { type Assessment, scoredInput } from '../store/assessment.ts';
import { type Comparison, DIVERGENCE_BUCKETS, type Divergence, divergenceOf } from '../store/comparison.ts';
import { SCORE_BUCKETS } from '../store/unit-statistics.ts';
import { bucketOf } from './buckets.ts';
import { explainFlip } from './explain-flip.ts';
import { countFlips, FlipTally } from './flips.ts';
import { Largest } from './largest.ts';

export interface ComparisonThresholds {
  readonly maliciousThreshold: number;
  readonly divergenceThreshold: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Tally = Mutable<Pick<Comparison, 'compared' | 'agreements' | 'unexplained_flips' | 'difference_sum'>> & {
  readonly flips: FlipTally;
  readonly divergence_histogram: number[];
  readonly legacy_histogram: number[];
  readonly consensus_histogram: number[];
};

/** A summary carries at most this many, at about 500 bytes each. */
const DIVERGENCES_KEPT = 5;

/** Compares the two scores of the assessments that have both. */
export class ComparisonTally {
  readonly #thresholds: ComparisonThresholds;
  readonly #tally = emptyComparison();
  readonly #largest = new Largest<Divergence>(DIVERGENCES_KEPT);

  constructor(thresholds: ComparisonThresholds) {
    this.#thresholds = thresholds;
  }

  add(assessment: Assessment, input: ScoringInput | undefined): void {
    if (assessment.method !== 'median' || assessment.legacy_score === undefined) return;
    const { legacy_score, consensus_score } = assessment;
    const { maliciousThreshold, divergenceThreshold } = this.#thresholds;
    const tally = this.#tally;
    const divergence = divergenceOf({ legacy_score, consensus_score });
    tally.compared++;
    if (divergence <= divergenceThreshold) tally.agreements++;
    const wasMalicious = legacy_score >= maliciousThreshold;
    const isMalicious = consensus_score >= maliciousThreshold;
    tally.flips.add(wasMalicious, isMalicious);
    if (wasMalicious !== isMalicious) {
      const reasons = explainFlip(
        scoredInput(assessment),
        assessment.evidence,
        isMalicious,
        maliciousThreshold,
      );
      if (reasons.length === 0) tally.unexplained_flips++;
    }
    tally.difference_sum += consensus_score - legacy_score;
    increment(tally.divergence_histogram, bucketOf(divergence, DIVERGENCE_BUCKETS));
    increment(tally.legacy_histogram, bucketOf(legacy_score, SCORE_BUCKETS));
    increment(tally.consensus_histogram, bucketOf(consensus_score, SCORE_BUCKETS));
    if (divergence > divergenceThreshold && input !== undefined) {
      this.#largest.offer(input.address, divergence, () => describe(input, assessment));
    }
  }

  /** Undefined if no assessment had both scores. */
  get comparison(): Comparison | undefined {
    const tally = this.#tally;
    if (tally.compared === 0) return undefined;
    const difference_sum = Math.round(tally.difference_sum * 1e4) / 1e4;
    return { ...tally, flips: tally.flips.matrix, difference_sum };
  }

  /** The endpoints with the largest divergence, one per address, largest first. */
  get divergences(): Divergence[] {
    return this.#largest.items;
  }
}

function increment(counts: number[], bucket: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

function emptyComparison(): Tally {
  return {
    compared: 0,
    agreements: 0,
    flips: new FlipTally(),
    unexplained_flips: 0,
    difference_sum: 0,
    divergence_histogram: Array.from({ length: DIVERGENCE_BUCKETS }, () => 0),
    legacy_histogram: Array.from({ length: SCORE_BUCKETS }, () => 0),
    consensus_histogram: Array.from({ length: SCORE_BUCKETS }, () => 0),
  };
}

/** Adds up comparisons; all zeros if there are none. */
export function sumComparisons(all: Iterable<Comparison>): Comparison {
  const sum = emptyComparison();
  for (const one of all) {
    sum.compared += one.compared;
    sum.agreements += one.agreements;
    sum.unexplained_flips += one.unexplained_flips;
    sum.difference_sum += one.difference_sum;
    sum.flips.addAll(countFlips(one.flips));
    addTo(sum.divergence_histogram, one.divergence_histogram);
    addTo(sum.legacy_histogram, one.legacy_histogram);
    addTo(sum.consensus_histogram, one.consensus_histogram);
  }
  return { ...sum, flips: sum.flips.matrix };
}

function addTo(counts: number[], more: readonly number[]): void {
  for (const [bucket, count] of more.entries()) counts[bucket] = (counts[bucket] ?? 0) + count;
}

const REASON_LENGTH = 160;

function describe(input: ScoringInput, assessment: Assessment): Divergence {
  const { address, dst_port, protocol, direction } = input;
  const reasons = SCORER_NAMES.flatMap((name) => {
    const vote = assessment.votes[name];
    return vote === undefined ? [] : [[name, vote.reasoning.slice(0, REASON_LENGTH)]];
  });
  return {
    address,
    ...(dst_port !== undefined && { dst_port }),
    ...(protocol !== undefined && { protocol }),
    ...(direction !== undefined && { direction }),
    legacy_score: assessment.legacy_score ?? 0,
    consensus_score: assessment.method === 'median' ? assessment.consensus_score : 0,
    evidence: assessment.evidence,
    reasons: Object.fromEntries(reasons),
  };
}
