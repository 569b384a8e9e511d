import { Command } from 'commander';
import { canonicalAddress } from '../../records/address.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import { readAssessmentsOf } from '../../store/read-assessments.ts';
import { CliError } from '../cli-error.ts';
import { positiveCount, take } from '../options/limit.ts';
import { openTable, type TargetOptions, withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { printAssessments } from '../output/assessments/print-assessments.ts';

interface AssessmentsOptions extends TargetOptions {
  readonly json?: true;
  readonly since?: number;
  readonly limit: number;
}

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
    .option('--limit <n>', 'show at most so many', positiveCount, 20)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(command, 'table');
}

async function show(text: string, options: AssessmentsOptions): Promise<void> {
  const address = canonicalAddress(text);
  if (address === undefined) throw new CliError(`"${text}" is not an IPv4 or IPv6 address`, 2);
  const found = take(
    since(readAssessmentsOf(await openTable(options), address, Date.now()), options.since),
    options.limit,
  );
  const count = await printAssessments(found, options.json === true);
  if (count > 0) return;
  const when = options.since === undefined ? '' : ` since ${new Date(options.since).toISOString()}`;
  throw new CliError(`nothing is stored about ${address}${when}; is it the remote side of a connection?`);
}

async function* since(
  assessments: AsyncIterable<ReadAssessment>,
  sinceMs: number | undefined,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    if (sinceMs === undefined || read.ingestedAtMs >= sinceMs) yield read;
  }
}
