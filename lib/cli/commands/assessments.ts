import { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, withSeenRange } from '../options/time-range.ts';
import { printAssessments } from '../output/assessments/print-assessments.ts';
import { type AssessmentsOptions, addressOf, assessmentsOf } from '../use/assessments/assessments-of.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus assessments 203.0.113.201
  $ threat-consensus assessments 2001:db8::1 --since 7d --limit 5 --json
`;

/** Shows what is stored about an address. */
export function assessmentsCommand(): Command {
  const command = new Command('assessments')
    .summary('show the verdicts for an address, newest first')
    .description(
      'Shows the verdicts for ADDRESS, those with the latest connection first, with votes and connections.',
    )
    .argument('<address>', 'IPv4 or IPv6')
    .addOption(sinceOption('only what arrived since then'))
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(withSeenRange(command), 'table');
}

async function show(text: string, options: AssessmentsOptions & TargetOptions & JsonOptions): Promise<void> {
  const address = addressOf(text);
  const found = assessmentsOf(await openTable(options), address, options);
  const count = await printAssessments(found, options.json === true);
  if (count > 0) return;
  const isBySeen = options.seenSince !== undefined || options.seenUntil !== undefined;
  const since = options.since === undefined ? '' : ` since ${new Date(options.since).toISOString()}`;
  const when = isBySeen ? `${since} that was seen then` : since;
  throw new CliError(`nothing is stored about ${address}${when}; is it the remote side of a connection?`);
}
