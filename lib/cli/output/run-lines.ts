import { DEFAULT_CONSENSUS_SETTINGS } from '../../consensus/settings.ts';
import { counted, grouped } from '../../statistics/count-text.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import { kindsOf } from '../results/push-state.ts';
import { costPerMillion, type RunResult } from '../results/run-result.ts';
import { assessmentLines } from './assessments/assessment-lines.ts';
import { hostsLine } from './assessments/hosts-line.ts';
import { lookupStatisticsLines } from './assessments/look-up-lines.ts';
import { evidenceLines } from './evidence-lines.ts';
import { fanOutLines } from './fan-out-lines.ts';
import { histogramLines } from './histogram.ts';
import { knockLines } from './knock-lines.ts';
import { lackingLines } from './lacking-lines.ts';
import { nextLines } from './next-lines.ts';
import { surveyLines } from './survey-lines.ts';
import { printable, styled } from './terminal.ts';

const REJECTED_SHOWN = 10;

export interface ReportOptions {
  /** The site's own networks, as they were named. */
  readonly home?: readonly string[];
  /** Also lists unanswered connections from outside, not just their number. */
  readonly knocks?: true;
  /** Whether the stack goes on running, with hints of its own. */
  readonly keep?: true;
  /** Lists that were used, as they were named. */
  readonly feeds?: string | true;
  readonly blocklist?: readonly string[];
}

/**
 * A run's result for a human, one line per element, most urgent first.
 *
 * @param file what was scored; undefined for the sample
 */
export function reportLines(
  result: RunResult,
  file: string | undefined,
  { home, knocks, keep, feeds, blocklist }: ReportOptions = {},
): string[] {
  const { highlights, statistics, survey } = result;
  return [
    ...outcomeLines(result),
    ...section(surveyLines(survey, home)),
    ...section(fanOutLines(statistics.fan_outs)),
    ...highlightLines('Look at these first', highlights.mostUrgent),
    ...highlightLines(
      'Most uncertain: the scorers disagree, so a human should look',
      highlights.mostUncertain,
    ),
    ...section(knockLines(highlights.knocks, knocks === true)),
    ...section(announcementLines(result)),
    ...scoreLines(result),
    ...section(evidenceLines(result.evidence)),
    ...lookUpLines(result),
    ...section(lackingLines(statistics)),
    ...rejectedLines(result),
    ...(result.pushed === 0 ? [] : costLines(result)),
    ...missingLines(result),
    ...(keep ? [] : section(nextLines(file, feeds !== undefined || blocklist !== undefined))),
  ];
}

function outcomeLines(result: RunResult): string[] {
  const { source, pushed, skipped, stored, duplicates, rejected, unsent, statistics } = result;
  const { assessments, malicious, high_uncertainty, degraded, consensus_failures, without_evidence } =
    statistics;
  return [
    heading(`${counted(pushed, 'connection record')} from ${source}`),
    figure('stored', stored),
    figure('duplicates', duplicates, 'identical to an already stored record'),
    figure(
      'rejected',
      rejected.length,
      unsent === 0 ? 'invalid; kept verbatim in the rejected queue' : `invalid; ${grouped(unsent)} not sent`,
    ),
    ...skippedLines(skipped),
    '',
    figure('assessments', assessments, 'distinct endpoints and what is known about them'),
    figure(
      'malicious',
      malicious,
      `threat score of ${DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold} and above`,
    ),
    figure('high uncertainty', high_uncertainty, 'the scorers disagree'),
    figure('without evidence', without_evidence, 'nothing is known: the score is the base rate'),
    figure('degraded', degraded, 'only two scorers cast a valid vote'),
    figure('consensus failures', consensus_failures, 'the legacy score is used instead'),
  ];
}

function skippedLines(skipped: RunResult['skipped']): string[] {
  const total = Object.values(skipped).reduce((sum, amount) => sum + amount, 0);
  return total === 0 ? [] : [figure('skipped', total, `not connections: ${printable(kindsOf(skipped))}`)];
}

function lookUpLines({ statistics, areProvidersSimulated }: RunResult): string[] {
  const lines = lookupStatisticsLines(statistics.lookups);
  if (lines.length === 0) return [];
  const remark = areProvidersSimulated
    ? styled('yellow', '  The providers are simulated: their answers are made up.')
    : '';
  return ['', heading('Addresses looked up'), ...lines, ...(remark === '' ? [] : [remark])];
}

function figure(name: string, value: number, meaning = ''): string {
  return `  ${name.padEnd(19)}${grouped(value).padStart(9)}   ${styled('dim', meaning)}`.trimEnd();
}

function heading(text: string): string {
  return styled('bold', text);
}

/** A single bar adds nothing to a sentence. */
function scoreLines({ statistics: { score_histogram: counts } }: RunResult): string[] {
  if (counts.filter((count) => count > 0).length < 2) return [];
  return ['', heading('Threat scores'), ...histogramLines(counts)];
}

/** Whether somebody would be notified; not worth a line where nothing is malicious. */
function announcementLines({ announcements, statistics }: RunResult): string[] {
  if (announcements === 0 && statistics.malicious === 0) return [];
  const few = announcements === 0 ? 'none' : grouped(announcements);
  const digest = 'and sums up unanswered ones once an hour';
  return [
    `${heading('Announcements')}: a deployment announces ${few} of these addresses, ${digest} (docs/announcements.md)`,
  ];
}

function highlightLines(title: string, assessments: readonly ReadAssessment[]): string[] {
  return assessments.length === 0 ? [] : ['', heading(title), ...assessments.flatMap(highlightOf)];
}

function highlightOf(read: ReadAssessment): string[] {
  const [first = '', ...votes] = assessmentLines(read);
  return [first, `        ${hostsLine(read)}`, ...votes];
}

/** The lines after an empty one, if there are any. */
function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function rejectedLines({ rejected, unit }: RunResult): string[] {
  if (rejected.length === 0) return [];
  const lines = rejected
    .slice(0, REJECTED_SHOWN)
    .map(({ position, reason }) => `  ${unit} ${position}: ${printable(reason)}`);
  const more = rejected.length - REJECTED_SHOWN;
  return ['', heading('Rejected records'), ...lines, ...(more > 0 ? [`  and ${grouped(more)} more`] : [])];
}

function costLines(result: RunResult): string[] {
  const { dynamodb, sqs, lambda } = result.usage;
  const rate = grouped(result.pushed / result.durationSeconds);
  const { verdict, stored } = result.latency;
  return [
    '',
    heading('Work done'),
    `  ${result.durationSeconds.toFixed(2)} s, ${rate} records/s on this machine`,
    `  p99 ${grouped(verdict.p99)} ms from the start of work to the verdict, ${grouped(stored.p99)} ms from received to stored`,
    `  DynamoDB  ${counted(dynamodb.requests, 'request')}, ${counted(dynamodb.write_units, 'write unit')} (${grouped(dynamodb.index_write_units)} for the index), ${counted(dynamodb.read_units, 'read unit')}`,
    `  SQS       ${counted(sqs.requests - sqs.empty_receives, 'request')}, charged as ${grouped(sqs.billed_requests - sqs.empty_receives)}`,
    `  Lambda    ${counted(lambda.invocations, 'invocation')}, ${lambda.gb_seconds.toFixed(2)} GB-seconds`,
    `  On AWS that is $${costPerMillion(result).toFixed(2)} per million records like these.`,
  ];
}

function missingLines({ missing, unit }: RunResult): string[] {
  if (missing.length === 0) return [];
  const some = missing.slice(0, REJECTED_SHOWN).join(', ');
  return ['', styled('red', `${counted(missing.length, 'record')} unaccounted for: ${unit} ${some}`)];
}
