import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import type { Comparison } from '../store/comparison.ts';
import type { Label } from '../store/labels.ts';
import type { StatisticsEntry } from '../store/read-summaries.ts';
import { sumStatistics, type Totals } from './unit-tally.ts';

/** Shares above which an operator should act; the alarms' thresholds. */
export const THRESHOLDS = { failureRate: 0.05, uncertaintyRate: 0.3 } as const;

export interface ScorerReport {
  readonly votes: number;
  readonly failures: number;
  readonly failure_rate: number;
  readonly average_score: number;
  readonly average_confidence: number;
  /** Share of labelled assessments on whose right side of the malicious threshold the vote was; null without labels. */
  readonly accuracy: number | null;
}

/** How the legacy and the consensus score compare where both were there; null instead of shares of nothing. */
export interface ComparisonReport extends Comparison {
  /** Share of the compared assessments whose scores are no further apart than the divergence threshold. */
  readonly agreement_rate: number | null;
  /** Consensus minus legacy. */
  readonly average_difference: number | null;
}

/** What the service did in a time range. Rates are shares from 0 to 1 and 0 where there is nothing to divide by. */
export interface ServiceStatistics {
  readonly messages: number;
  readonly totals: Omit<
    Totals,
    'score_sum' | 'consensus_score_sum' | 'score_histogram' | 'scorers' | 'comparison'
  >;
  /** Shares of the assessments for which the scorers were asked. */
  readonly failure_rate: number;
  readonly uncertainty_rate: number;
  readonly average_score: number;
  readonly score_histogram: readonly number[];
  readonly scorers: Readonly<Record<ScorerName, ScorerReport>>;
  readonly consensus_accuracy: number | null;
  readonly legacy_accuracy: number | null;
  readonly comparison: ComparisonReport;
  readonly labels: { readonly malicious: number; readonly benign: number; readonly incidents: number };
  /** From an invocation's start to an assessment's verdict. */
  readonly latency_ms: { readonly p50: number; readonly p99: number; readonly max: number };
  /** One line for each threshold that is exceeded. */
  readonly breaches: readonly string[];
}

export function serviceStatistics(
  entries: readonly StatisticsEntry[],
  labels: readonly Label[],
  maliciousThreshold: number,
): ServiceStatistics {
  const {
    score_sum,
    consensus_score_sum: _,
    score_histogram,
    scorers,
    comparison,
    ...totals
  } = sumStatistics(entries.map(({ statistics }) => statistics));
  const failure_rate = share(totals.consensus_failures, totals.consensus_assessments);
  const uncertainty_rate = share(totals.high_uncertainty, totals.consensus_assessments);
  const report = (name: ScorerName): ScorerReport => {
    const { votes = 0, failures = 0, score_sum: scores = 0, confidence_sum = 0 } = scorers[name] ?? {};
    return {
      votes,
      failures,
      failure_rate: share(failures, votes + failures),
      average_score: share(scores, votes),
      average_confidence: share(confidence_sum, votes),
      accuracy: accuracy(labels, ({ votes: then }) => then[name]?.score, maliciousThreshold),
    };
  };
  return {
    messages: entries.length,
    totals,
    failure_rate,
    uncertainty_rate,
    average_score: share(score_sum, totals.assessments),
    score_histogram,
    scorers: Object.fromEntries(SCORER_NAMES.map((name) => [name, report(name)])) as Record<
      ScorerName,
      ScorerReport
    >,
    consensus_accuracy: accuracy(labels, ({ consensus_score }) => consensus_score, maliciousThreshold),
    legacy_accuracy: accuracy(labels, ({ legacy_score }) => legacy_score, maliciousThreshold),
    comparison: comparisonReport(comparison),
    labels: countLabels(labels),
    latency_ms: latencies(entries),
    breaches: breaches({ failure_rate, uncertainty_rate }),
  };
}

function comparisonReport(comparison: Comparison): ComparisonReport {
  const { compared, agreements, difference_sum } = comparison;
  return {
    ...comparison,
    agreement_rate: compared === 0 ? null : agreements / compared,
    average_difference: compared === 0 ? null : difference_sum / compared,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function accuracy(
  labels: readonly Label[],
  scoreOf: (snapshot: Label['snapshot']) => number | undefined,
  maliciousThreshold: number,
): number | null {
  const judged = labels.flatMap(({ label, snapshot }) => {
    const score = scoreOf(snapshot);
    return score === undefined ? [] : [score >= maliciousThreshold === (label === 'malicious')];
  });
  return judged.length === 0 ? null : judged.filter(Boolean).length / judged.length;
}

function countLabels(labels: readonly Label[]): ServiceStatistics['labels'] {
  const malicious = labels.filter(({ label }) => label === 'malicious').length;
  const incidents = labels.filter(({ incidentDetected }) => incidentDetected).length;
  return { malicious, benign: labels.length - malicious, incidents };
}

/** Percentiles over assessments: a message's latency counts once for each of its assessments. */
function latencies(entries: readonly StatisticsEntry[]): ServiceStatistics['latency_ms'] {
  const ordered = entries
    .map(({ latency_ms, statistics }) => ({ latency_ms, weight: statistics.assessments }))
    .sort((a, b) => a.latency_ms - b.latency_ms);
  const total = ordered.reduce((sum, { weight }) => sum + weight, 0);
  const quantile = (q: number) => {
    let below = 0;
    for (const { latency_ms, weight } of ordered) {
      below += weight;
      if (below >= q * total) return latency_ms;
    }
    return 0;
  };
  return { p50: quantile(0.5), p99: quantile(0.99), max: ordered.at(-1)?.latency_ms ?? 0 };
}

function breaches(rates: { readonly failure_rate: number; readonly uncertainty_rate: number }): string[] {
  const lines: string[] = [];
  const { failureRate, uncertaintyRate } = THRESHOLDS;
  if (rates.failure_rate > failureRate) lines.push(`failure rate above ${failureRate * 100} %`);
  if (rates.uncertainty_rate > uncertaintyRate)
    lines.push(`uncertainty rate above ${uncertaintyRate * 100} %`);
  return lines;
}
