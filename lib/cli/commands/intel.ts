import { Command, InvalidArgumentError, Option } from 'commander';
import { LIST_KINDS, type ListKind } from '../../consensus/listing.ts';
import {
  checkWeight,
  HALF_LIVES_KEPT,
  LARGEST_WEIGHT,
  type ListTraits,
  LONGEST_HALF_LIFE_DAYS,
} from '../../intelligence/lists/list-traits.ts';
import { isListName, LIST_NAME_RULE } from '../../records/list-name.ts';
import { createFeedStore } from '../../store/feed-store.ts';
import { removeList } from '../../store/list-store.ts';
import { CliError } from '../cli-error.ts';
import { homeOption } from '../options/home.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { yesOption } from '../options/yes.ts';
import { confirm } from '../output/confirm.ts';
import { reportedLines } from '../output/feed-lines.ts';
import { importJson, importLines, leftOutLines, listJson, listLines } from '../output/list-lines.ts';
import { withProgress } from '../output/progress.ts';
import { writeLines } from '../output/write-lines.ts';
import { fetchFeeds } from '../use/feeds/fetch-feeds.ts';
import { feedsNamed, readFeeds } from '../use/feeds/read-catalogue.ts';
import { openInput } from '../use/input/open-input.ts';
import { homeNetworksOf } from '../use/intel/home-networks.ts';
import { importList } from '../use/intel/import-list.ts';
import { listsInUse } from '../use/intel/lists-in-use.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

const DEFAULT_EXPIRY_DAYS = 30;
const LONGEST_EXPIRY_DAYS = 3_650;

/** Weights for lists about which nothing is known except that someone trusts them enough to import them. */
const DEFAULT_WEIGHTS: Readonly<Record<ListKind, number>> = {
  malicious: 50,
  suspicious: 12,
  'known-good': 1,
  infrastructure: 1,
};

const EXAMPLES = `
Examples:
  $ threat-consensus intel import drop.netset.gz --name "Spamhaus DROP" --weight 300
  $ threat-consensus intel import scanners.txt --name scanners --kind suspicious --expires 7
  $ threat-consensus intel import offices.txt --name "Our offices" --kind known-good --expires 365
  $ curl -sf https://example.org/list.txt | threat-consensus intel import - --name example
`;

const FORMAT = `
The weight says how many times more likely a malicious address is to be on the list than a harmless one. One list of 50 or more
makes an address malicious on its own; one of 8 to 18 makes it suspicious. Lists that copy from one another share a family:
only the strongest of them counts. Every entry counts as listed on the day of the import: for later connections it counts less
with each half-life, and after three half-lives no longer.

A list is text or JSON, optionally compressed with gzip or zstd. A line holds an address, a CIDR block or a range (a-b, or start and
end in two columns), alone or in a column of CSV; ports and URLs around an address are ignored. Comments begin with
#, ;, // or !. JSON is one object per line, an array, or an object that holds one; fields are called cidr, ip, ip_address
or similar. Never accepted: private, loopback, link-local, multicast and reserved addresses, the home networks, ranges larger
than a /8 (IPv6: a /19) and, except in lists of known-good addresses and infrastructure, well-known public resolvers.
`;

interface ImportCommandOptions extends TargetOptions, JsonOptions {
  readonly name: string;
  readonly kind: ListKind;
  readonly family?: string;
  readonly weight?: number;
  readonly halfLife?: number;
  /** Days. */
  readonly expires: number;
  readonly allowEmpty?: true;
  readonly home?: readonly string[];
}

/** Manages lists of addresses. */
export function intelCommand(): Command {
  return new Command('intel')
    .summary('lists of addresses that verdicts use')
    .description('Lists of addresses: malicious, suspicious, known-good, infrastructure.')
    .addCommand(withTarget(importSubcommand(), 'table'))
    .addCommand(withTarget(listSubcommand(), 'table'))
    .addCommand(withTarget(removeSubcommand(), 'table'))
    .addCommand(withTarget(refreshSubcommand(), 'table'));
}

function importSubcommand(): Command {
  return new Command('import')
    .summary('load a list, replacing its previous contents')
    .description(
      'Loads a list of addresses into the table. Verdicts use it within a minute, until it expires, is imported again ' +
        'or is removed.',
    )
    .argument('<file>', 'the list; - is standard input')
    .requiredOption('--name <name>', 'its name, shown in verdicts as the reason', listName)
    .addOption(
      new Option('--kind <kind>', 'what it says about its addresses')
        .choices(LIST_KINDS)
        .default('malicious'),
    )
    .option('--family <name>', 'lists that copy from one another (default: its name)', listName)
    .option('--weight <ratio>', 'how far it is trusted (default: 50 malicious, 12 suspicious)', weightRatio)
    .option(
      '--expires <days>',
      'how many days it is used',
      wholeNumber(LONGEST_EXPIRY_DAYS),
      DEFAULT_EXPIRY_DAYS,
    )
    .option(
      '--half-life <days>',
      'days after which it counts half as much (default: a third of --expires)',
      wholeNumber(LONGEST_HALF_LIFE_DAYS),
    )
    .option('--allow-empty', 'replace the list even if the new one is empty')
    .addOption(homeOption())
    .addOption(jsonOption('print one JSON object, with everything that was left out'))
    .addHelpText('after', EXAMPLES + FORMAT)
    .action(load);
}

function listSubcommand(): Command {
  return new Command('list')
    .summary('the lists in use')
    .description(
      'Shows the lists that have not expired: their source, how far they are trusted, what was left out of them, and how ' +
        'the last attempt to fetch them went.',
    )
    .addOption(jsonOption('print one JSON object per list'))
    .addHelpText('after', '\nExamples:\n  $ threat-consensus intel list --json\n')
    .action(showLists);
}

function removeSubcommand(): Command {
  return new Command('remove')
    .summary('remove a list')
    .description('Removes a list from the table. The function stops using it within a minute.')
    .argument('<name>', 'its name, as shown by `intel list`', listName)
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ threat-consensus intel remove firehol --yes\n')
    .action(remove);
}

function refreshSubcommand(): Command {
  return new Command('refresh')
    .summary('fetch public lists from this machine')
    .description(
      'Fetches lists from this machine and puts them into the table, as the deployed function does every hour: the named ' +
        'ones, or all that are due. For sites whose functions cannot reach the internet. Lists that need a key are left ' +
        'to the function.',
    )
    .argument('[names...]', 'names of lists, fetched whether or not they are due')
    .option('--catalogue <file>', 'changes to the catalogue, as JSON: {"on": [], "off": [], "own": []}')
    .option('--may-shrink', 'accept a list even if it has lost more than half of its entries')
    .addOption(homeOption())
    .addOption(jsonOption('print one JSON object per list'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ threat-consensus intel refresh --env prod\n  $ threat-consensus intel refresh "Spamhaus DROP" --may-shrink\n',
    )
    .action(refresh);
}

interface RefreshCommandOptions extends TargetOptions, JsonOptions {
  readonly catalogue?: string;
  readonly mayShrink?: true;
  readonly home?: readonly string[];
}

async function refresh(names: readonly string[], options: RefreshCommandOptions): Promise<void> {
  const feeds = feedsNamed(names, readFeeds(options.catalogue ?? true));
  const store = createFeedStore(await openTable(options));
  const homeNetworks = await homeNetworksOf(options);
  const choice = { homeNetworks, isForced: names.length > 0, mayShrink: options.mayShrink === true };
  const fetched = await withProgress(options.json === true, (progress) =>
    fetchFeeds(feeds, store, { ...choice, progress }),
  );
  await writeLines(
    options.json ? fetched.reports.map((report) => JSON.stringify(report)) : reportedLines(fetched),
  );
}

async function load(file: string, options: ImportCommandOptions): Promise<void> {
  const traits = traitsIn(options);
  const table = await openTable(options);
  const homeNetworks = await homeNetworksOf(options);
  const input = await openInput(file, 'intel import - --name NAME');
  const choice = { traits, expiresInDays: options.expires, allowEmpty: options.allowEmpty === true };
  const { figures, leftOut } = await withProgress(options.json === true, (progress) =>
    importList(table, input, homeNetworks, choice, progress),
  );
  if (options.json) {
    await writeLines([importJson(figures, leftOut)]);
    return;
  }
  await writeLines(importLines(figures));
  for (const line of leftOutLines(figures.left_out, leftOut)) process.stderr.write(`${line}\n`);
}

function traitsIn({
  name,
  kind,
  family = name,
  weight,
  halfLife,
  expires,
}: ImportCommandOptions): ListTraits {
  const chosen = weight ?? DEFAULT_WEIGHTS[kind];
  const wrong = checkWeight({ kind, weight: chosen });
  if (wrong !== undefined) throw new CliError(`--weight ${chosen}: ${wrong}`, 2);
  const third = Math.min(LONGEST_HALF_LIFE_DAYS, Math.ceil(expires / HALF_LIVES_KEPT));
  return { source: name, kind, family, weight: chosen, halfLifeDays: halfLife ?? third };
}

async function showLists(options: TargetOptions & JsonOptions): Promise<void> {
  const inUse = await listsInUse(await openTable(options));
  const { lists, without } = inUse;
  await writeLines(options.json ? [...lists, ...without].map(listJson) : listLines(inUse, Date.now()));
}

async function remove(
  name: string,
  options: TargetOptions & JsonOptions & { readonly yes?: true },
): Promise<void> {
  const table = await openTable(options);
  if (!options.yes && !(await confirm(`Remove the list ${name}?`))) {
    process.stderr.write('nothing was removed\n');
    return;
  }
  const removed = await removeList(table, name);
  if (removed === undefined) throw new CliError(`there is no list ${name}: see \`intel list\``);
  const { addresses } = removed;
  await writeLines([
    options.json
      ? JSON.stringify({ source: name, removed: addresses })
      : `${name} is removed; the function stops using it within a minute`,
  ]);
}

function listName(text: string): string {
  if (isListName(text)) return text;
  throw new InvalidArgumentError(`${LIST_NAME_RULE}.`);
}

function weightRatio(text: string): number {
  const value = /^\d{1,4}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= LARGEST_WEIGHT) return value;
  throw new InvalidArgumentError(`expected a number from 1 to ${LARGEST_WEIGHT}.`);
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
  };
}
