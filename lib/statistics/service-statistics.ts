import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import type { Comparison } from '../store/comparison.ts';
import type { Label } from '../store/labels.ts';
import type { StatisticsEntry } from '../store/read-summaries.ts';
import { judge } from './judged-labels.ts';
import { type Latencies, latenciesOf } from './latencies.ts';
import { DEFAULT_READINESS, type SharedThresholds } from './readiness-thresholds.ts';
import { share } from './share.ts';
import { sumStatistics, type Totals } from './unit-tally.ts';

export interface ScorerReport {
  readonly votes: number;
  readonly failures: number;
  readonly failure_rate: number;
  readonly average_score: number;
  readonly average_confidence: number;
  /**
   * Share of labelled assessments on which the vote was on the right side of the malicious threshold; null without
   * labels.
   */
  readonly accuracy: number | null;
}

/** How the legacy and consensus scores compare on assessments with both; shares are null if there were none. */
export interface ComparisonReport extends Comparison {
  /** Share of compared assessments whose scores differ by no more than the divergence threshold. */
  readonly agreement_rate: number | null;
  /** Consensus minus legacy. */
  readonly average_difference: number | null;
}

/** The service's statistics over a time range. Rates are shares from 0 to 1, and 0 if the denominator is 0. */
export interface ServiceStatistics {
  /** Storage units; printed as messages. */
  readonly messages: number;
  readonly totals: Omit<
    Totals,
    'score_sum' | 'consensus_score_sum' | 'score_histogram' | 'scorers' | 'comparison'
  >;
  /** Shares of the assessments that ran the scorers. */
  readonly failure_rate: number;
  readonly uncertainty_rate: number;
  readonly average_score: number;
  /** Over assessments that ran the scorers, whichever score was used; null if there were none. */
  readonly average_consensus_score: number | null;
  readonly score_histogram: readonly number[];
  readonly scorers: Readonly<Record<ScorerName, ScorerReport>>;
  readonly consensus_accuracy: number | null;
  readonly legacy_accuracy: number | null;
  readonly comparison: ComparisonReport;
  readonly labels: { readonly malicious: number; readonly benign: number; readonly incidents: number };
  /** From the start of work on a unit to its verdicts. */
  readonly latency_ms: Latencies;
  /** From the start of the invocation that received a unit until it is stored. */
  readonly received_to_stored_ms: Latencies;
  /** Limits for the rates and the average consensus score. */
  readonly thresholds: {
    readonly failure_rate: number;
    readonly uncertainty_rate: number;
    readonly average_consensus_score: SharedThresholds['averageScore'];
  };
  /** One line for each threshold exceeded. */
  readonly breaches: readonly string[];
}

export function serviceStatistics(
  entries: readonly StatisticsEntry[],
  labels: readonly Label[],
  maliciousThreshold: number,
  thresholds: SharedThresholds = DEFAULT_READINESS,
): ServiceStatistics {
  const { score_sum, consensus_score_sum, score_histogram, scorers, comparison, ...totals } = sumStatistics(
    entries.map(({ statistics }) => statistics),
  );
  const failure_rate = rate(totals.consensus_failures, totals.consensus_assessments);
  const uncertainty_rate = rate(totals.high_uncertainty, totals.consensus_assessments);
  const average_consensus_score = share(consensus_score_sum, totals.consensus_assessments);
  const report = (name: ScorerName): ScorerReport => {
    const { votes = 0, failures = 0, score_sum: scores = 0, confidence_sum = 0 } = scorers[name] ?? {};
    return {
      votes,
      failures,
      failure_rate: rate(failures, votes + failures),
      average_score: rate(scores, votes),
      average_confidence: rate(confidence_sum, votes),
      accuracy: judge(labels, ({ votes: then }) => then[name]?.score, maliciousThreshold).accuracy,
    };
  };
  return {
    messages: entries.length,
    totals,
    failure_rate,
    uncertainty_rate,
    average_score: rate(score_sum, totals.assessments),
    average_consensus_score,
    score_histogram,
    scorers: Object.fromEntries(SCORER_NAMES.map((name) => [name, report(name)])) as Record<
      ScorerName,
      ScorerReport
    >,
    consensus_accuracy: judge(labels, ({ consensus_score }) => consensus_score, maliciousThreshold).accuracy,
    legacy_accuracy: judge(labels, ({ legacy_score }) => legacy_score, maliciousThreshold).accuracy,
    comparison: comparisonReport(comparison),
    labels: countLabels(labels),
    latency_ms: latenciesOf(entries, 'latency_ms'),
    received_to_stored_ms: latenciesOf(entries, 'stored_ms'),
    thresholds: {
      failure_rate: thresholds.failureRate,
      uncertainty_rate: thresholds.uncertaintyRate,
      average_consensus_score: thresholds.averageScore,
    },
    breaches: breaches({ failure_rate, uncertainty_rate, average_consensus_score }, thresholds),
  };
}

function comparisonReport(comparison: Comparison): ComparisonReport {
  const { compared, agreements, difference_sum } = comparison;
  return {
    ...comparison,
    agreement_rate: share(agreements, compared),
    average_difference: share(difference_sum, compared),
  };
}

function rate(part: number, whole: number): number {
  return share(part, whole) ?? 0;
}

function countLabels(labels: readonly Label[]): ServiceStatistics['labels'] {
  const malicious = labels.filter(({ label }) => label === 'malicious').length;
  const incidents = labels.filter(({ incidentDetected }) => incidentDetected).length;
  return { malicious, benign: labels.length - malicious, incidents };
}

function breaches(
  seen: Pick<ServiceStatistics, 'failure_rate' | 'uncertainty_rate' | 'average_consensus_score'>,
  { failureRate, uncertaintyRate, averageScore }: SharedThresholds,
): string[] {
  const lines: string[] = [];
  if (seen.failure_rate > failureRate) lines.push(`failure rate above ${percent(failureRate)}`);
  if (seen.uncertainty_rate > uncertaintyRate) {
    lines.push(`uncertainty rate above ${percent(uncertaintyRate)}`);
  }
  const average = seen.average_consensus_score;
  if (average === null) return lines;
  if (average < averageScore.minimum) lines.push(`average consensus score below ${averageScore.minimum}`);
  if (average > averageScore.maximum) lines.push(`average consensus score above ${averageScore.maximum}`);
  return lines;
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(2))} %`;
}
