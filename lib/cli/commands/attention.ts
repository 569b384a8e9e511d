import { Command } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { printAssessments } from '../output/assessments/print-assessments.ts';
import { type AttentionOptions, needingAttention } from '../use/assessments/needing-attention.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface ShowOptions extends AttentionOptions, TargetOptions, JsonOptions {
  readonly since: number;
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
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(command, 'table');
}

async function show(options: ShowOptions): Promise<void> {
  const table = await openTable(options);
  const range = until(Date.now(), options.since);
  const count = await printAssessments(needingAttention(table, range, options), options.json === true);
  if (count === 0) sayNothingFound(range.fromMs, options);
}

/** Nothing to look at is good news, not a failure. */
function sayNothingFound(sinceMs: number, { malicious, uncertain, failed }: AttentionOptions): void {
  const what = malicious || uncertain || failed ? 'no such verdict' : 'nothing needs attention';
  process.stderr.write(`${what} since ${new Date(sinceMs).toISOString()}\n`);
}
