import { Command } from 'commander';
import { parseNetwork } from '../../intelligence/allowlist/allow-target.ts';
import { isInside } from '../../records/address.ts';
import { CliError } from '../cli-error.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, withSeenRange } from '../options/time-range.ts';
import { knownLines } from '../output/assessments/known-lines.ts';
import { printAssessments } from '../output/assessments/print-assessments.ts';
import { seenText } from '../output/seen-text.ts';
import { writeLines } from '../output/write-lines.ts';
import {
  type AssessmentsOptions,
  addressOf,
  assessmentsIn,
  assessmentsOf,
  assessmentsWithHost,
} from '../use/assessments/assessments-of.ts';
import { knownAbout } from '../use/assessments/known-about.ts';
import { arrivalSince, seenRangeOf } from '../use/seen-range.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus assessments 203.0.113.201
  $ threat-consensus assessments 2001:db8::1 --since 7d --limit 5 --json
  $ threat-consensus assessments 203.0.113.0/24 --since 7d
  $ threat-consensus assessments 10.0.0.5 --since 2h       what one of your own hosts talked to
`;

interface ShowOptions extends AssessmentsOptions, TargetOptions, JsonOptions {
  /** The address is one of the site's own hosts, although it is public. */
  readonly inside?: true;
}

/** Shows what is stored about an address, a network, or one of the site's own hosts. */
export function assessmentsCommand(): Command {
  const command = new Command('assessments')
    .summary('show the verdicts for an address, newest first')
    .description(
      'Shows what labels and the allowlist say about ADDRESS, then its verdicts with votes and connections, the one ' +
        'with the latest connection first. For a CIDR block or a host of your own, shows what arrived in a time range, ' +
        'newest first; for a host, everything in that range is read.',
    )
    .argument('<address>', 'an address, a CIDR block, or a host of your own')
    .addOption(
      sinceOption('only what arrived since then (default: all; 24h for a block or a host of your own)'),
    )
    .option('--inside', 'treat a public address as a host of your own')
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object per line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(withSeenRange(command), 'table');
}

const DAY_MS = 86_400_000;

async function show(text: string, options: ShowOptions): Promise<void> {
  const network = text.includes('/') ? parseNetwork(text) : undefined;
  if (network !== undefined) return await showRange(text, options, 'network', network);
  const address = addressOf(text);
  if (options.inside) return await showRange(text, options, 'host', address);
  const table = await openTable(options);
  if (!options.json) await writeLines(knownLines(await knownAbout(table, address, Date.now())));
  const count = await printAssessments(assessmentsOf(table, address, options), options.json === true);
  if (count > 0) return;
  if (isInside(address)) return await showRange(text, options, 'host', address);
  const since = options.since === undefined ? '' : ` since ${new Date(options.since).toISOString()}`;
  const when = `${since}${seenText(seenRangeOf(options))}`;
  throw new CliError(
    `nothing is stored about ${address}${when}; is it the remote side of a connection? For a host of your own, add --inside`,
  );
}

/** What has no key of its own is searched for in what arrived within a day, unless the user asks for more. */
async function showRange(
  text: string,
  options: ShowOptions,
  kind: 'network' | 'host',
  subject: string,
): Promise<void> {
  const nowMs = Date.now();
  const range = until(nowMs, arrivalSince(options, DAY_MS, nowMs));
  const read = kind === 'network' ? assessmentsIn : assessmentsWithHost;
  const found = read(await openTable(options), subject, range, options);
  const count = await printAssessments(found, options.json === true);
  if (count > 0) return;
  const what =
    kind === 'network' ? `about addresses in ${subject}` : `about connections of your host ${text}`;
  const since = new Date(range.fromMs).toISOString();
  throw new CliError(
    `nothing is stored ${what} since ${since}${seenText(seenRangeOf(options))}; see --since`,
  );
}
