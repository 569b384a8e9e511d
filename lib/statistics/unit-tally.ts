import type { FanOut } from '../activity/fan-out.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import { DEFAULT_SETTINGS } from '../cutover/settings.ts';
import {
  LOOK_UP_SOURCES,
  type LookUpOutcome,
  type LookUpSource,
  type LookUps,
} from '../intelligence/look-up.ts';
import { type Assessment, attentionReasons } from '../store/assessment.ts';
import type { Comparison, Divergence } from '../store/comparison.ts';
import {
  type LookUpStatistics,
  SCORE_BUCKETS,
  type ScorerStatistics,
  type UnitStatistics,
} from '../store/unit-statistics.ts';
import { bucketOf } from './buckets.ts';
import { ComparisonTally, sumComparisons } from './comparison-tally.ts';
import { FanOutSum } from './fan-out-sum.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
/** Every figure is set, possibly to 0. */
export type Totals = Required<Omit<UnitStatistics, 'comparison'>> & {
  readonly comparison: Comparison;
};

type Tally = Mutable<
  Omit<Totals, 'score_histogram' | 'scorers' | 'comparison' | 'lookups' | 'skipped' | 'fan_outs'>
> & {
  lookups: LookUpTally;
  fan_outs: readonly FanOut[];
  skipped: Record<string, number>;
  score_histogram: number[];
  scorers: Partial<Record<ScorerName, Mutable<ScorerStatistics>>>;
};

type LookUpTally = { [Source in LookUpSource]?: { [Outcome in LookUpOutcome]?: number } };

type RecordCounts = Pick<UnitStatistics, 'stored' | 'duplicates' | 'rejected' | 'skipped' | 'fan_outs'>;

/** Counts the results of one storage unit's assessments. */
export class StatisticsTally {
  readonly #maliciousThreshold: number;
  readonly #tally = emptyTally();
  readonly #comparison: ComparisonTally;

  constructor(maliciousThreshold: number, divergenceThreshold = DEFAULT_SETTINGS.divergenceThreshold) {
    this.#maliciousThreshold = maliciousThreshold;
    this.#comparison = new ComparisonTally({ maliciousThreshold, divergenceThreshold });
  }

  /** @param input the scoring input, reported if its two scores diverge */
  addAssessment(assessment: Assessment, input?: ScoringInput): void {
    const tally = this.#tally;
    if (assessment.allowed !== undefined) {
      tally.allowed++;
      return;
    }
    const reasons = attentionReasons(assessment, this.#maliciousThreshold);
    tally.assessments++;
    if (assessment.method !== 'none') tally.consensus_assessments++;
    if (reasons.includes('malicious')) tally.malicious++;
    if (reasons.includes('uncertain')) tally.high_uncertainty++;
    if (assessment.method === 'failed') tally.consensus_failures++;
    if (assessment.legacy_failure !== undefined) tally.legacy_failures++;
    if (assessment.method === 'median') {
      tally.consensus_score_sum += assessment.consensus_score;
      if (assessment.degraded) tally.degraded++;
    }
    if (assessment.evidence.length === 0) tally.without_evidence++;
    tally.score_sum += assessment.threat_score;
    const bucket = scoreBucket(assessment.threat_score);
    tally.score_histogram[bucket] = (tally.score_histogram[bucket] ?? 0) + 1;
    for (const name of SCORER_NAMES) this.#addVote(name, assessment);
    this.#comparison.add(assessment, input);
  }

  /** @param lookups the look-ups of one address */
  addLookUps(lookups: LookUps): void {
    for (const source of LOOK_UP_SOURCES) {
      const outcome = lookups[source]?.outcome;
      if (outcome !== undefined) countLookUps(this.#tally.lookups, source, outcome, 1);
    }
  }

  #addVote(name: ScorerName, { votes, failures }: Assessment): void {
    const scorer = scorerTally(this.#tally, name);
    const vote = votes[name];
    if (vote !== undefined) {
      scorer.votes++;
      scorer.score_sum += vote.score;
      scorer.confidence_sum += vote.confidence;
    } else if (failures[name] !== undefined) {
      scorer.failures++;
    }
  }

  /** Adds the unit's record counts and returns the totals; sums are rounded to keep the item small. */
  finish(records: RecordCounts): UnitStatistics {
    const tally = this.#tally;
    tally.score_sum = rounded(tally.score_sum);
    tally.consensus_score_sum = rounded(tally.consensus_score_sum);
    for (const scorer of Object.values(tally.scorers)) {
      scorer.score_sum = rounded(scorer.score_sum);
      scorer.confidence_sum = rounded(scorer.confidence_sum);
    }
    const { comparison } = this.#comparison;
    const { lookups, allowed, skipped: _, fan_outs: __, ...counts } = tally;
    return {
      ...counts,
      ...(allowed > 0 && { allowed }),
      ...records,
      records: records.stored + records.duplicates + records.rejected,
      ...(comparison !== undefined && { comparison }),
      ...(Object.keys(lookups).length > 0 && { lookups }),
    };
  }

  /** The largest divergences between the two scores. */
  get divergences(): Divergence[] {
    return this.#comparison.divergences;
  }
}

/** Index of the histogram bucket for a score from 0 to 1. */
export function scoreBucket(score: number): number {
  return bucketOf(score, SCORE_BUCKETS);
}

function rounded(sum: number): number {
  return Math.round(sum * 1e4) / 1e4;
}

/** Adds up statistics; all zeros if there are none. */
export function sumStatistics(all: Iterable<UnitStatistics>): Totals {
  const sum = emptyTally();
  const comparisons: Comparison[] = [];
  const fanOuts = new FanOutSum();
  for (const one of all) {
    fanOuts.add(one.fan_outs ?? []);
    for (const name of COUNTS) sum[name] += one[name];
    sum.allowed += one.allowed ?? 0;
    if (one.comparison !== undefined) comparisons.push(one.comparison);
    sum.score_histogram = sum.score_histogram.map(
      (count, bucket) => count + (one.score_histogram[bucket] ?? 0),
    );
    addLookUps(sum.lookups, one.lookups ?? {});
    addSkipped(sum.skipped, one.skipped ?? {});
    for (const name of SCORER_NAMES) {
      const total = scorerTally(sum, name);
      for (const count of SCORER_COUNTS) total[count] += one.scorers[name]?.[count] ?? 0;
    }
  }
  return { ...sum, fan_outs: fanOuts.busiest, comparison: sumComparisons(comparisons) };
}

function addSkipped(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [kind, count] of Object.entries(more)) sum[kind] = (sum[kind] ?? 0) + count;
}

function addLookUps(sum: LookUpTally, more: LookUpStatistics): void {
  for (const source of LOOK_UP_SOURCES) {
    for (const [outcome, count] of Object.entries(more[source] ?? {})) {
      countLookUps(sum, source, outcome as LookUpOutcome, count);
    }
  }
}

function countLookUps(tally: LookUpTally, source: LookUpSource, outcome: LookUpOutcome, count: number): void {
  tally[source] ??= {};
  const outcomes = tally[source];
  outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
}

const COUNTS = [
  'records',
  'stored',
  'duplicates',
  'rejected',
  'assessments',
  'consensus_assessments',
  'consensus_score_sum',
  'consensus_failures',
  'legacy_failures',
  'high_uncertainty',
  'malicious',
  'degraded',
  'without_evidence',
  'score_sum',
] as const;

const SCORER_COUNTS = ['votes', 'failures', 'score_sum', 'confidence_sum'] as const;

function emptyTally(): Tally {
  return {
    records: 0,
    stored: 0,
    duplicates: 0,
    rejected: 0,
    skipped: {},
    assessments: 0,
    allowed: 0,
    consensus_assessments: 0,
    consensus_score_sum: 0,
    consensus_failures: 0,
    legacy_failures: 0,
    high_uncertainty: 0,
    malicious: 0,
    degraded: 0,
    without_evidence: 0,
    score_sum: 0,
    score_histogram: Array.from({ length: SCORE_BUCKETS }, () => 0),
    scorers: {},
    lookups: {},
    fan_outs: [],
  };
}

function scorerTally(tally: Tally, name: ScorerName): Mutable<ScorerStatistics> {
  tally.scorers[name] ??= { votes: 0, failures: 0, score_sum: 0, confidence_sum: 0 };
  return tally.scorers[name];
}
