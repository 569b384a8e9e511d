import type { ScoringInput } from '../consensus/scoring-input.ts';
import { SCORER_NAMES } from '../consensus/vote.ts';
import { type Assessment, scoredInput } from '../store/assessment.ts';
import {
  type Comparison,
  DIVERGENCE_BUCKETS,
  type Divergence,
  divergenceOf,
  flipsOf,
} from '../store/comparison.ts';
import { SCORE_BUCKETS } from '../store/unit-statistics.ts';
import { bucketOf } from './buckets.ts';
import { explainFlip } from './explain-flip.ts';

export interface ComparisonThresholds {
  readonly maliciousThreshold: number;
  readonly divergenceThreshold: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Tally = Mutable<Pick<Comparison, 'compared' | 'agreements' | 'difference_sum'>> & {
  unexplained_flips: number;
  readonly flips: [[number, number], [number, number]];
  readonly divergence_histogram: number[];
  readonly legacy_histogram: number[];
  readonly consensus_histogram: number[];
};

/** Compares the two scores of the assessments that have both. */
export class ComparisonTally {
  readonly #thresholds: ComparisonThresholds;
  readonly #tally = emptyComparison();
  readonly #largest = new LargestDivergences();

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
    const before = isAtLeast(legacy_score, maliciousThreshold);
    const after = isAtLeast(consensus_score, maliciousThreshold);
    tally.flips[before][after]++;
    if (before !== after) {
      const reasons = explainFlip(scoredInput(assessment), after === 1, maliciousThreshold);
      if (reasons.length === 0) tally.unexplained_flips++;
    }
    tally.difference_sum += consensus_score - legacy_score;
    increment(tally.divergence_histogram, bucketOf(divergence, DIVERGENCE_BUCKETS));
    increment(tally.legacy_histogram, bucketOf(legacy_score, SCORE_BUCKETS));
    increment(tally.consensus_histogram, bucketOf(consensus_score, SCORE_BUCKETS));
    if (divergence > divergenceThreshold && input !== undefined) {
      this.#largest.offer(divergence, input, assessment);
    }
  }

  /** Undefined where nothing had both scores. */
  get comparison(): Comparison | undefined {
    const tally = this.#tally;
    if (tally.compared === 0) return undefined;
    return { ...tally, difference_sum: Math.round(tally.difference_sum * 1e4) / 1e4 };
  }

  /** The endpoints that diverge most, one an address, the largest first. */
  get divergences(): Divergence[] {
    return this.#largest.all;
  }
}

function isAtLeast(score: number, threshold: number): 0 | 1 {
  return score >= threshold ? 1 : 0;
}

function increment(counts: number[], bucket: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

function emptyComparison(): Tally {
  return {
    compared: 0,
    agreements: 0,
    flips: [
      [0, 0],
      [0, 0],
    ],
    unexplained_flips: 0,
    difference_sum: 0,
    divergence_histogram: Array.from({ length: DIVERGENCE_BUCKETS }, () => 0),
    legacy_histogram: Array.from({ length: SCORE_BUCKETS }, () => 0),
    consensus_histogram: Array.from({ length: SCORE_BUCKETS }, () => 0),
  };
}

/** Adds up comparisons; without any, everything is 0. */
export function sumComparisons(all: Iterable<Comparison>): Required<Comparison> {
  const sum = emptyComparison();
  for (const one of all) {
    sum.compared += one.compared;
    sum.agreements += one.agreements;
    sum.unexplained_flips += one.unexplained_flips ?? flipsOf(one);
    sum.difference_sum += one.difference_sum;
    for (const [row, counts] of sum.flips.entries()) addTo(counts, one.flips[row]);
    addTo(sum.divergence_histogram, one.divergence_histogram);
    addTo(sum.legacy_histogram, one.legacy_histogram);
    addTo(sum.consensus_histogram, one.consensus_histogram);
  }
  return sum;
}

function addTo(counts: number[], more: readonly number[] | undefined): void {
  for (const [bucket, count] of (more ?? []).entries()) counts[bucket] = (counts[bucket] ?? 0) + count;
}

/** A summary carries so many: some 500 bytes each. */
const KEPT = 5;
const REASON_LENGTH = 160;

/** Keeps the few largest, one an address: a scan of a thousand ports is one finding. */
class LargestDivergences {
  #kept: { readonly size: number; readonly divergence: Divergence }[] = [];

  offer(size: number, input: ScoringInput, assessment: Assessment): void {
    const last = this.#kept.at(-1);
    if (this.#kept.length >= KEPT && last !== undefined && size <= last.size) return;
    const known = this.#kept.find(({ divergence }) => divergence.address === input.address);
    if (known !== undefined && known.size >= size) return;
    const others = this.#kept.filter((each) => each !== known);
    const place = others.findIndex((each) => each.size < size);
    others.splice(place < 0 ? others.length : place, 0, { size, divergence: describe(input, assessment) });
    this.#kept = others.slice(0, KEPT);
  }

  get all(): Divergence[] {
    return this.#kept.map(({ divergence }) => divergence);
  }
}

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
