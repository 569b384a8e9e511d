import { Command } from 'commander';
import { type AttentionReason, attentionReasons } from '../../store/assessment.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import { readAttention } from '../../store/read-assessments.ts';
import { maliciousThresholdOf } from '../../store/settings-stamp.ts';
import type { TimeRange } from '../../store/timeline.ts';
import { openTable, type TargetOptions, withTarget } from '../target.ts';
import { sinceOption, until } from '../time-range.ts';
import { positiveCount, take } from './limit.ts';
import { printAssessments } from './print-assessments.ts';

interface AttentionOptions extends TargetOptions {
  readonly json?: true;
  readonly since: number;
  readonly limit: number;
  readonly malicious?: true;
  readonly uncertain?: true;
  readonly failed?: true;
}

const EXAMPLES = `
Examples:
  $ threat-consensus attention --since 24h
  $ threat-consensus attention --uncertain --since 7d --limit 10
`;

/** Shows what a human should look at. */
export function attentionCommand(): Command {
  const command = new Command('attention')
    .summary('show verdicts that need a human, newest first')
    .description('Shows malicious, highly uncertain and failed verdicts by arrival, newest first.')
    .addOption(sinceOption('what arrived since then', '24h'))
    .option('--malicious', 'malicious ones; without any of these three, all are shown')
    .option('--uncertain', 'highly uncertain ones')
    .option('--failed', 'those without a consensus')
    .option('--limit <n>', 'show at most so many', positiveCount, 20)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(command, 'table');
}

async function show(options: AttentionOptions): Promise<void> {
  const table = await openTable(options);
  const range = until(Date.now(), options.since);
  const found = take(wanted(readAttention(table, range), reasonsOf(options)), options.limit);
  const count = await printAssessments(found, options.json === true);
  if (count === 0) sayNothingFound(range, options);
}

/** Nothing to look at is good news, not a failure. */
function sayNothingFound({ fromMs }: TimeRange, { malicious, uncertain, failed }: AttentionOptions): void {
  const what = malicious || uncertain || failed ? 'no such verdict' : 'nothing needs attention';
  process.stderr.write(`${what} since ${new Date(fromMs).toISOString()}\n`);
}

function reasonsOf({ malicious, uncertain, failed }: AttentionOptions): ReadonlySet<AttentionReason> {
  if (!malicious && !uncertain && !failed) return new Set(['malicious', 'uncertain', 'failed']);
  const reasons = new Set<AttentionReason>();
  if (malicious) reasons.add('malicious');
  if (uncertain) reasons.add('uncertain');
  if (failed) reasons.add('failed');
  return reasons;
}

async function* wanted(
  assessments: AsyncIterable<ReadAssessment>,
  reasons: ReadonlySet<AttentionReason>,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    const threshold = maliciousThresholdOf(read.settings);
    const found = attentionReasons(read.assessment, threshold);
    if (found.some((reason) => reasons.has(reason))) yield read;
  }
}
