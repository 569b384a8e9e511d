import { Command } from 'commander';
import { grouped } from '../../statistics/count-text.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, withSeenRange } from '../options/time-range.ts';
import { printAssessments } from '../output/assessments/print-assessments.ts';
import { type AttentionOptions, needingAttention } from '../use/assessments/needing-attention.ts';
import { arrivalSince, type SeenOptions, seenRangeOf } from '../use/seen-range.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface ShowOptions extends AttentionOptions, SeenOptions, TargetOptions, JsonOptions {
  readonly since?: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus attention --since 24h
  $ threat-consensus attention --uncertain --since 7d --limit 10
`;

const DAY_MS = 86_400_000;

/** Shows what a human should look at. */
export function attentionCommand(): Command {
  const command = new Command('attention')
    .summary('show verdicts that need a human, most urgent first')
    .description(
      'Shows malicious, highly uncertain and failed verdicts, the most urgent first: bad addresses that your own hosts ' +
        'call, then those that guess passwords or were answered, then the rest. Addresses from outside that nothing ' +
        'answered are only counted.',
    )
    .addOption(sinceOption('what arrived since then (default: 24h; 90d with --seen-since or --seen-until)'))
    .option('--malicious', 'malicious ones; without any of these three, all are shown')
    .option('--uncertain', 'highly uncertain ones')
    .option('--failed', 'those without a consensus')
    .option('--knocks', 'also show addresses from outside that nothing answered')
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(withSeenRange(command), 'table');
}

async function show(options: ShowOptions): Promise<void> {
  const seen = seenRangeOf(options);
  const table = await openTable(options);
  const nowMs = Date.now();
  const range = until(nowMs, arrivalSince(options, DAY_MS, nowMs));
  const { assessments, knockingAddresses } = await needingAttention(table, range, seen, options);
  await printAssessments(assessments, options.json === true);
  if (knockingAddresses > 0) sayLeftOut(knockingAddresses);
  else if (assessments.length === 0) sayNothingFound(range.fromMs, options);
}

function sayLeftOut(addresses: number): void {
  const what = addresses === 1 ? 'address from outside that' : 'addresses from outside that';
  process.stderr.write(`not shown: ${grouped(addresses)} ${what} nothing answered (--knocks shows them)\n`);
}

/** Nothing to look at is good news, not a failure. */
function sayNothingFound(sinceMs: number, { malicious, uncertain, failed }: AttentionOptions): void {
  const what = malicious || uncertain || failed ? 'no such verdict' : 'nothing needs attention';
  process.stderr.write(`${what} since ${new Date(sinceMs).toISOString()}\n`);
}
