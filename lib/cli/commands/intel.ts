import { Command, InvalidArgumentError } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { importLines, setJson, setLines, skippedLines } from '../output/blocklist-lines.ts';
import { withProgress } from '../output/progress.ts';
import { writeLines } from '../output/write-lines.ts';
import { openInput } from '../use/input/open-input.ts';
import { blocklistsInUse } from '../use/intel/blocklists-in-use.ts';
import { type ImportOptions, importBlocklist, MAX_LISTS } from '../use/intel/import-blocklist.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

const DEFAULT_TTL_DAYS = 30;
const MAX_TTL_DAYS = 3_650;

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
  const importing = new Command('import')
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
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES + FORMAT)
    .action(load);
  const list = new Command('list')
    .summary('the offline sets that are in use')
    .description('Lists the offline sets that have not expired.')
    .addOption(jsonOption('print one JSON object a set'))
    .addHelpText('after', '\nExamples:\n  $ threat-consensus intel list --json\n')
    .action(listSets);
  return new Command('intel')
    .description('Offline sets of threat intelligence.')
    .addCommand(withTarget(importing, 'table'))
    .addCommand(withTarget(list, 'table'));
}

async function load(file: string, options: ImportOptions & TargetOptions & JsonOptions): Promise<void> {
  const table = await openTable(options);
  const input = await openInput(file);
  const { figures, skipped } = await withProgress(options.json === true, (progress) =>
    importBlocklist(table, input, options, progress),
  );
  await writeLines(options.json ? [JSON.stringify(figures)] : importLines(figures));
  for (const line of skippedLines(skipped)) process.stderr.write(`${line}\n`);
}

async function listSets(options: TargetOptions & JsonOptions): Promise<void> {
  const sets = await blocklistsInUse(await openTable(options));
  await writeLines(options.json ? sets.map(setJson) : setLines(sets));
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
