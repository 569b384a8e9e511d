import { Command, InvalidArgumentError } from 'commander';
import { packAddresses } from '../../intelligence/lists/blocklist-set.ts';
import { counted, grouped } from '../../statistics/count-text.ts';
import { listBlocklists, replaceBlocklist } from '../../store/blocklist-store.ts';
import { CliError } from '../cli-error.ts';
import { openTable, type TargetOptions, withTarget } from '../options/target.ts';
import { createProgress } from '../output/progress.ts';
import { printable } from '../output/terminal.ts';
import { writeLines } from '../output/write-lines.ts';
import { openInput } from '../use/input/open-input.ts';
import { MOST_ADDRESSES, readBlocklist } from '../use/intel/read-blocklist.ts';

interface ImportOptions extends TargetOptions {
  readonly source: string;
  readonly ttl: number;
  readonly lists?: number;
  readonly json?: true;
}

const DAY_MS = 86_400_000;
const DEFAULT_TTL_DAYS = 30;
const MAX_TTL_DAYS = 3_650;
const MAX_LISTS = 255;
const SKIPPED_SHOWN = 10;

const EXAMPLES = `
Examples:
  $ threat-consensus intel import blocklist.txt --source firehol
  $ curl -s https://example.org/list.txt | threat-consensus intel import - --source example --ttl 7
`;

const FORMAT = `
One address or CIDR block (up to 4,096 addresses) a line; a second column may say how many lists name it. What follows
a # is a comment.
`;

/** Manages offline sets of threat intelligence. */
export function intelCommand(): Command {
  const load = new Command('import')
    .summary('load a blocklist, in place of what its source had before')
    .description(
      'Loads a blocklist into the table. Its addresses have the votes of the source `blocklist` from half a minute ' +
        'later on, until they expire or the source is imported again.',
    )
    .argument('<file>', 'the blocklist; - is standard input')
    .requiredOption('--source <name>', 'who says so; a later import with this name replaces it', sourceName)
    .option('--ttl <days>', 'how long it is used', wholeNumber(MAX_TTL_DAYS), DEFAULT_TTL_DAYS)
    .option(
      '--lists <n>',
      'how many lists it was made of (default: the highest number in the second column)',
      wholeNumber(MAX_LISTS),
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES + FORMAT)
    .action(importBlocklist);
  const list = new Command('list')
    .summary('the offline sets that are in use')
    .description('Lists the offline sets that have not expired.')
    .option('--json', 'print one JSON object a set')
    .addHelpText('after', '\nExamples:\n  $ threat-consensus intel list --json\n')
    .action(listSets);
  return new Command('intel')
    .description('Offline sets of threat intelligence.')
    .addCommand(withTarget(load, 'table'))
    .addCommand(withTarget(list, 'table'));
}

async function importBlocklist(file: string, options: ImportOptions): Promise<void> {
  const table = await openTable(options);
  const input = await openInput(file);
  const progress = createProgress(options.json === true);
  try {
    progress.step('reading');
    const read = await readBlocklist(input.chunks, (lines) => progress.update(lines));
    if (read.isTooLarge) {
      throw new CliError(
        `${input.name} holds more than ${grouped(MOST_ADDRESSES)} addresses, the most that a set may`,
      );
    }
    const { listed, mostLists, skipped } = read;
    if (listed.length === 0) throw new CliError(`${input.name} holds no addresses: expected one a line`);
    const chunks = packAddresses(listed);
    progress.step('storing', chunks.length);
    const nowMs = Date.now();
    const entry = {
      source: options.source,
      version: nowMs.toString(36),
      lists: Math.min(MAX_LISTS, Math.max(options.lists ?? 1, mostLists)),
      addresses: listed.length,
      chunks: chunks.length,
      importedAtMs: nowMs,
      expiresAtMs: nowMs + options.ttl * DAY_MS,
    };
    const replaced = await replaceBlocklist(table, entry, chunks, (done) => progress.update(done));
    progress.stop();
    const figures = {
      source: entry.source,
      addresses: entry.addresses,
      lists: entry.lists,
      skipped: skipped.length,
      replaced: replaced?.addresses ?? 0,
      expires_at: new Date(entry.expiresAtMs).toISOString(),
    };
    await writeLines(options.json ? [JSON.stringify(figures)] : importLines(figures));
    for (const { line, reason } of skipped.slice(0, SKIPPED_SHOWN)) {
      process.stderr.write(`line ${line} is left out: ${printable(reason)}\n`);
    }
    const more = skipped.length - SKIPPED_SHOWN;
    if (more > 0) process.stderr.write(`and ${counted(more, 'line')} more\n`);
  } finally {
    progress.stop();
  }
}

interface ImportFigures {
  readonly source: string;
  readonly addresses: number;
  readonly lists: number;
  readonly replaced: number;
  readonly expires_at: string;
}

function importLines({ source, addresses, lists, replaced, expires_at }: ImportFigures): string[] {
  const instead = replaced > 0 ? `, in place of ${grouped(replaced)}` : '';
  return [
    `${source}: ${grouped(addresses)} addresses on up to ${counted(lists, 'list')}${instead}; in use until ${expires_at}`,
  ];
}

async function listSets(options: TargetOptions & { readonly json?: true }): Promise<void> {
  const sets = await listBlocklists(await openTable(options), Date.now());
  const described = sets.map(({ source, addresses, lists, importedAtMs, expiresAtMs }) => ({
    source,
    addresses,
    lists,
    imported_at: new Date(importedAtMs).toISOString(),
    expires_at: new Date(expiresAtMs).toISOString(),
  }));
  if (options.json) await writeLines(described.map((set) => JSON.stringify(set)));
  else if (described.length === 0) await writeLines(['no offline sets are imported']);
  else await writeLines(described.flatMap((set) => importLines({ ...set, replaced: 0 })));
}

function sourceName(text: string): string {
  if (/^[\w.-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError('expected up to 40 letters, digits, dots, dashes and underscores.');
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
  };
}
