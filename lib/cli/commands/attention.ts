import { Command, Option } from 'commander';
import { counted, grouped } from '../../statistics/count-text.ts';
import { destinationPortOption } from '../options/destination-port.ts';
import { directionOption } from '../options/direction.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { localHostOption } from '../options/local-host.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, withSeenRange } from '../options/time-range.ts';
import { printAttention } from '../output/print-attention.ts';
import { seenText } from '../output/seen-text.ts';
import type { Attention, AttentionEntry } from '../results/attention.ts';
import { ATTENTION_ORDERS } from '../use/attention/attention-order.ts';
import { type AttentionOptions, needingAttention } from '../use/attention/needing-attention.ts';
import { verdictBehind } from '../use/attention/verdict-behind.ts';
import { arrivalSince, type SeenOptions, seenRangeOf } from '../use/seen-range.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface ShowOptions extends AttentionOptions, SeenOptions, TargetOptions, JsonOptions {
  readonly since?: number;
  /** Shows the votes behind each score. */
  readonly votes?: true;
}

const EXAMPLES = `
Examples:
  $ threat-consensus attention                            what is new or got worse in the last 24 hours
  $ threat-consensus attention --votes --limit 3          the three most urgent, and why
  $ threat-consensus attention --host 10.0.0.5            what one of your own hosts talked to
  $ threat-consensus attention --direction inbound --port 22 --knocks
`;

const DAY_MS = 86_400_000;

/** Shows what a human should look at. */
export function attentionCommand(): Command {
  const command = new Command('attention')
    .summary('show addresses that need a human, most urgent first')
    .description(
      'Shows addresses with malicious, highly uncertain or failed verdicts, one line each, most urgent first: bad ' +
        'addresses that your own hosts call, then those that guess passwords or were answered, then the rest. Outside ' +
        'addresses that got no answer are only counted. Addresses on the allowlist are left out, and so are labelled ones: ' +
        'benign until the score gets worse, malicious until there is news.',
    )
    .addOption(
      sinceOption(
        'addresses that are new or got worse since then (default: 24h; 90d with --seen-since or --seen-until)',
      ),
    )
    .option('--malicious', 'malicious ones only; without any of these three, all are shown')
    .option('--uncertain', 'highly uncertain ones only')
    .option('--failed', 'only those without a consensus')
    .addOption(directionOption('only connections seen in this direction'))
    .addOption(destinationPortOption('only connections to this port'))
    .addOption(localHostOption('only connections of this host of your own'))
    .option('--knocks', 'also show outside addresses that got no answer')
    .option('--labelled', 'also show addresses settled by a label')
    .option('--votes', 'show the votes behind each score, with their reasons')
    .addOption(new Option('--sort <order>', 'what comes first').choices(ATTENTION_ORDERS).default('urgency'))
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object per line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(withSeenRange(command), 'table');
}

async function show(options: ShowOptions): Promise<void> {
  const seen = seenRangeOf(options);
  const table = await openTable(options);
  const nowMs = Date.now();
  const range = until(nowMs, arrivalSince(options, DAY_MS, nowMs));
  const attention = await needingAttention(table, range, seen, options);
  const verdictOf = (entry: AttentionEntry) => verdictBehind(table, entry, nowMs);
  await printAttention(attention.entries, {
    isJson: options.json === true,
    hasHeadings: options.sort === 'urgency',
    verdictOf: options.votes ? verdictOf : undefined,
  });
  sayLeftOut(attention, range.fromMs, options);
}

function sayLeftOut(attention: Attention, sinceMs: number, options: AttentionOptions & SeenOptions): void {
  const { entries, knockingAddresses, settledAddresses, furtherAddresses } = attention;
  const leftOut = [
    ...(furtherAddresses > 0 ? [`${counted(furtherAddresses, 'less urgent address')} (--limit)`] : []),
    ...(settledAddresses > 0
      ? [`${counted(settledAddresses, 'address')} settled by a label (--labelled)`]
      : []),
    ...(knockingAddresses > 0 ? [`${knocksText(knockingAddresses)} (--knocks shows them)`] : []),
  ];
  if (leftOut.length > 0) process.stderr.write(`not shown: ${leftOut.join('; ')}\n`);
  else if (entries.length === 0) sayNothingFound(sinceMs, options);
}

function knocksText(addresses: number): string {
  return `${grouped(addresses)} ${addresses === 1 ? 'address' : 'addresses'} from outside that got no answer`;
}

/** Finding nothing is good news, not a failure. */
function sayNothingFound(sinceMs: number, options: AttentionOptions & SeenOptions): void {
  const { malicious, uncertain, failed, direction, port, host } = options;
  const seen = seenText(seenRangeOf(options));
  const isChoosing =
    malicious ||
    uncertain ||
    failed ||
    seen !== '' ||
    [direction, port, host].some((each) => each !== undefined);
  const what = isChoosing ? 'no such address' : 'nothing needs attention';
  process.stderr.write(`${what} since ${new Date(sinceMs).toISOString()}${seen}\n`);
}
