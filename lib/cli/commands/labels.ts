import { Command } from 'commander';
import { readLabels } from '../../store/labels.ts';
import { positiveCount, take } from '../options/limit.ts';
import { openTable, type TargetOptions, withTarget } from '../options/target.ts';
import { sinceOption, until } from '../options/time-range.ts';
import { labelJson, labelLines } from '../output/label-lines.ts';
import { writeLines } from '../output/write-lines.ts';

interface LabelsOptions extends TargetOptions {
  readonly json?: true;
  readonly since: number;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus labels --since 30d
  $ threat-consensus labels --since 90d --limit 10000 --json > labels.ndjson
`;

/** Shows what humans found out. */
export function labelsCommand(): Command {
  const command = new Command('labels')
    .summary('show labels and how the votes look in their light, newest first')
    .description('Shows labels, newest first, with the votes of then and whether they were right.')
    .addOption(sinceOption('what was labelled since then', '7d'))
    .option('--limit <n>', 'show at most so many', positiveCount, 100)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(command, 'table');
}

async function show(options: LabelsOptions): Promise<void> {
  const range = until(Date.now(), options.since);
  const labels = take(readLabels(await openTable(options), range), options.limit);
  let count = 0;
  const lines = async function* () {
    for await (const label of labels) {
      count++;
      if (options.json) yield labelJson(label);
      else yield* labelLines(label);
    }
  };
  await writeLines(lines());
  if (count === 0)
    process.stderr.write(`nothing was labelled since ${new Date(range.fromMs).toISOString()}\n`);
}
