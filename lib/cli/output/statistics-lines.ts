import { SCORER_NAMES } from '../../consensus/vote.ts';
import { grouped } from '../../statistics/count-text.ts';
import { countFlips } from '../../statistics/flips.ts';
import type { Latencies } from '../../statistics/latencies.ts';
import type { ServiceStatistics } from '../../statistics/service-statistics.ts';
import { kindsOf } from '../results/push-state.ts';
import { lookupStatisticsLines } from './assessments/look-up-lines.ts';
import { fanOutLines } from './fan-out-lines.ts';
import { histogramLines } from './histogram.ts';
import { printable, styled } from './terminal.ts';

/** Statistics as JSON, for programs. */
export function statisticsJson(statistics: ServiceStatistics, since: string): string {
  return JSON.stringify({ since, ...statistics });
}

/** What the service did in a time range, for a human. */
export function statisticsLines(statistics: ServiceStatistics, since: string): string[] {
  const { totals, messages } = statistics;
  if (messages === 0) return [`no messages have arrived since ${since}`];
  const { failure_rate: failureRate, uncertainty_rate: uncertaintyRate } = statistics.thresholds;
  return [
    styled('bold', `Since ${since}`),
    line('messages', grouped(messages)),
    line('records', grouped(totals.records)),
    line('  stored', grouped(totals.stored)),
    line('  duplicates', grouped(totals.duplicates)),
    line('  rejected', grouped(totals.rejected)),
    ...skippedLines(totals.skipped),
    line('assessments', grouped(totals.assessments)),
    ...(totals.allowed > 0
      ? [line('  also allowed', `${grouped(totals.allowed)} (on the allowlist when scored)`)]
      : []),
    line('  scorers asked', grouped(totals.consensus_assessments)),
    line('  malicious', grouped(totals.malicious)),
    line('  without evidence', grouped(totals.without_evidence)),
    line('  degraded', grouped(totals.degraded)),
    rated('  high uncertainty', totals.high_uncertainty, statistics.uncertainty_rate, uncertaintyRate),
    rated('  consensus failures', totals.consensus_failures, statistics.failure_rate, failureRate),
    line('average score', statistics.average_score.toFixed(3)),
    ...averageConsensusLine(statistics),
    line('latency', latencyText(statistics.latency_ms)),
    line('received to stored', latencyText(statistics.received_to_stored_ms)),
    line('labels', labelText(statistics)),
    ...lookUpLines(statistics),
    ...section(fanOutLines(totals.fan_outs)),
    '',
    styled('bold', 'Threat scores'),
    ...histogramLines(statistics.score_histogram),
    '',
    styled(
      'bold',
      `${'Scorer'.padEnd(16)}${'votes'.padStart(9)}${'failures'.padStart(10)}   score  confidence  accuracy`,
    ),
    ...SCORER_NAMES.map((name) => scorerLine(name, statistics.scorers[name])),
    ...comparisonLines(statistics.comparison),
    ...statistics.breaches.map((breach) => styled('red', `! ${breach}`)),
  ];
}

/** Entries of messages that are not connections. */
function skippedLines(skipped: ServiceStatistics['totals']['skipped']): string[] {
  const kinds = Object.values(skipped);
  const total = kinds.reduce((sum, amount) => sum + amount, 0);
  return kinds.length === 0 ? [] : [line('skipped', `${grouped(total)} (${printable(kindsOf(skipped))})`)];
}

function lookUpLines({ totals }: ServiceStatistics): string[] {
  const lines = lookupStatisticsLines(totals.lookups);
  return lines.length === 0 ? [] : ['', styled('bold', 'Addresses looked up'), ...lines];
}

/** The lines after an empty one, if there are any. */
function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** Empty if no input has both scores: in the modes legacy and consensus. */
function comparisonLines({
  compared,
  agreements,
  agreement_rate,
  average_difference,
  flips,
  divergence_histogram,
}: ServiceStatistics['comparison']): string[] {
  if (agreement_rate === null || average_difference === null) return [];
  const { newlyMalicious, noLongerMalicious } = countFlips(flips);
  const sign = average_difference < 0 ? '-' : '+';
  return [
    '',
    styled('bold', 'Legacy and consensus score of the same inputs'),
    line('compared', grouped(compared)),
    `${line('  agree', grouped(agreements))}   ${styled('dim', percent(agreement_rate))}`,
    line('  newly malicious', grouped(newlyMalicious)),
    line('  no longer malicious', grouped(noLongerMalicious)),
    line('average difference', `${sign}${Math.abs(average_difference).toFixed(3)}`),
    '',
    styled('bold', 'How far apart they are'),
    ...histogramLines(divergence_histogram),
  ];
}

function line(name: string, value: string): string {
  return `${name.padEnd(22)}${value.padStart(9)}`;
}

function rated(name: string, count: number, rate: number, threshold: number): string {
  const text = `${(rate * 100).toFixed(2)} % (limit ${Number((threshold * 100).toFixed(2))} %)`;
  return judged(line(name, grouped(count)), text, rate > threshold);
}

/** Empty if the scorers were not asked: in the mode legacy. */
function averageConsensusLine({
  average_consensus_score: average,
  thresholds: { average_consensus_score: band },
}: ServiceStatistics): string[] {
  if (average === null) return [];
  const text = `(limits ${band.minimum} to ${band.maximum})`;
  const isBreached = average < band.minimum || average > band.maximum;
  return [judged(line('  of the consensus', average.toFixed(3)), text, isBreached)];
}

/** A line with its limits; a breach is marked, with or without colour. */
function judged(figures: string, limits: string, isBreached: boolean): string {
  return `${figures}   ${isBreached ? styled('red', `${limits} !`) : styled('dim', limits)}`;
}

function latencyText({ p50, p99, max }: Latencies): string {
  return `median ${p50} ms, p99 ${p99} ms, longest ${max} ms`;
}

function labelText({ labels, consensus_accuracy }: ServiceStatistics): string {
  const { malicious, benign, incidents } = labels;
  if (malicious + benign === 0) return 'none';
  const right =
    consensus_accuracy === null ? '' : `; the consensus was right in ${percent(consensus_accuracy)}`;
  return `${malicious} malicious, ${benign} benign, ${incidents} incidents${right}`;
}

function scorerLine(name: string, scorer: ServiceStatistics['scorers']['statistical']): string {
  const accuracy = scorer.accuracy === null ? '-' : percent(scorer.accuracy);
  return [
    name.padEnd(16),
    grouped(scorer.votes).padStart(9),
    grouped(scorer.failures).padStart(10),
    scorer.average_score.toFixed(3).padStart(8),
    scorer.average_confidence.toFixed(3).padStart(12),
    accuracy.padStart(10),
  ].join('');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
