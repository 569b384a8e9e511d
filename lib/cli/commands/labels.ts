import { Command } from 'commander';
import { readLabels } from '../../store/labels.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { printLabels } from '../output/label-lines.ts';
import { take } from '../use/take.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface LabelsOptions extends TargetOptions, JsonOptions {
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
    .addOption(limitOption(100))
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(command, 'table');
}

async function show(options: LabelsOptions): Promise<void> {
  const range = until(Date.now(), options.since);
  const labels = take(readLabels(await openTable(options), range), options.limit);
  const count = await printLabels(labels, options.json === true);
  if (count === 0)
    process.stderr.write(`nothing was labelled since ${new Date(range.fromMs).toISOString()}\n`);
}
