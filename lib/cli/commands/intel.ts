import { Command, InvalidArgumentError } from 'commander';
import { MOST_LISTS } from '../../intelligence/lists/merge-ranges.ts';
import { removeBlocklist } from '../../store/blocklist-store.ts';
import { CliError } from '../cli-error.ts';
import { homeOption } from '../options/home.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { yesOption } from '../options/yes.ts';
import { importJson, importLines, leftOutLines, setJson, setLines } from '../output/blocklist-lines.ts';
import { confirm } from '../output/confirm.ts';
import { withProgress } from '../output/progress.ts';
import { writeLines } from '../output/write-lines.ts';
import { openInput } from '../use/input/open-input.ts';
import { blocklistsInUse } from '../use/intel/blocklists-in-use.ts';
import { homeNetworksOf } from '../use/intel/home-networks.ts';
import { type ImportOptions, importBlocklist } from '../use/intel/import-blocklist.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

const DEFAULT_TTL_DAYS = 30;
const MAX_TTL_DAYS = 3_650;

const EXAMPLES = `
Examples:
  $ threat-consensus intel import blocklist.netset.gz --source firehol
  $ threat-consensus intel import ipsum.txt --source ipsum --count-column 2
  $ curl -sf https://example.org/list.txt | threat-consensus intel import - --source example --ttl 7
`;

const FORMAT = `
A list is text or JSON, also packed by gzip or zstd. A line holds an address, a CIDR block or a range (a-b, or start and
end in two columns), alone or in a column of CSV; ports and URLs around an address are passed over. Comments begin with
#, ;, // or !. JSON is one object a line, an array, or an object that holds one; fields are called cidr, ip, ip_address
or the like. Never taken: private, loopback, link-local, multicast and reserved addresses, the home networks, and
well-known public resolvers.
`;

interface ImportCommandOptions extends ImportOptions, TargetOptions, JsonOptions {
  readonly home?: readonly string[];
}

/** Manages offline sets of threat intelligence. */
export function intelCommand(): Command {
  return new Command('intel')
    .description('Offline sets of threat intelligence.')
    .addCommand(withTarget(importSubcommand(), 'table'))
    .addCommand(withTarget(listSubcommand(), 'table'))
    .addCommand(withTarget(removeSubcommand(), 'table'));
}

function importSubcommand(): Command {
  return new Command('import')
    .summary('load a blocklist, in place of what its source had before')
    .description(
      'Loads a blocklist into the table. Its addresses have the votes of the source `blocklist` within a minute, ' +
        'until they expire, the source is imported again, or it is removed.',
    )
    .argument('<file>', 'the blocklist; - is standard input')
    .requiredOption('--source <name>', 'who says so; a later import with this name replaces it', sourceName)
    .option('--ttl <days>', 'how long it is used', wholeNumber(MAX_TTL_DAYS), DEFAULT_TTL_DAYS)
    .option(
      '--lists <n>',
      'how many lists it was made of (default: the highest number in --count-column, else 1)',
      wholeNumber(MOST_LISTS),
    )
    .option(
      '--count-column <column>',
      'the column, by number or heading, or the field that says how many lists name an address',
      column,
    )
    .option('--allow-empty', 'replace what the source had also with a list that has become empty')
    .addOption(homeOption())
    .addOption(jsonOption('print one JSON object, with all that was left out'))
    .addHelpText('after', EXAMPLES + FORMAT)
    .action(load);
}

function listSubcommand(): Command {
  return new Command('list')
    .summary('the offline sets that are in use')
    .description('Lists the offline sets that have not expired.')
    .addOption(jsonOption('print one JSON object a set'))
    .addHelpText('after', '\nExamples:\n  $ threat-consensus intel list --json\n')
    .action(listSets);
}

function removeSubcommand(): Command {
  return new Command('remove')
    .summary('remove the blocklist of a source')
    .description('Removes what a source has in the table. The function no longer uses it within a minute.')
    .argument('<source>', 'its name, as `intel list` shows it', sourceName)
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ threat-consensus intel remove firehol --yes\n')
    .action(remove);
}

async function load(file: string, options: ImportCommandOptions): Promise<void> {
  const table = await openTable(options);
  const homeNetworks = await homeNetworksOf(options);
  const input = await openInput(file, 'intel import - --source NAME');
  const { figures, leftOut } = await withProgress(options.json === true, (progress) =>
    importBlocklist(table, input, homeNetworks, options, progress),
  );
  if (options.json) {
    await writeLines([importJson(figures, leftOut)]);
    return;
  }
  await writeLines(importLines(figures));
  for (const line of leftOutLines(figures.left_out, leftOut)) process.stderr.write(`${line}\n`);
}

async function listSets(options: TargetOptions & JsonOptions): Promise<void> {
  const sets = await blocklistsInUse(await openTable(options));
  await writeLines(options.json ? sets.map(setJson) : setLines(sets));
}

async function remove(
  source: string,
  options: TargetOptions & JsonOptions & { readonly yes?: true },
): Promise<void> {
  const table = await openTable(options);
  if (!options.yes && !(await confirm(`Remove all addresses of ${source}?`))) {
    process.stderr.write('nothing was removed\n');
    return;
  }
  const removed = await removeBlocklist(table, source);
  if (removed === undefined) throw new CliError(`no offline set is called ${source}: see \`intel list\``);
  const { addresses } = removed;
  await writeLines([
    options.json
      ? JSON.stringify({ source, removed: addresses })
      : `${source} is removed; the function no longer uses it within a minute`,
  ]);
}

function sourceName(text: string): string {
  if (/^[\w.-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError('expected up to 40 letters, digits, dots, dashes and underscores.');
}

/** Columns are counted from 1. */
function column(text: string): string {
  if (text !== '' && !/^0+$/.test(text)) return text;
  throw new InvalidArgumentError('expected the number of a column, from 1 on, or its name.');
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
  };
}
