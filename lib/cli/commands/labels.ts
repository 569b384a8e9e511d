import { Command } from 'commander';
import { readLabels } from '../../store/labels.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, withSeenRange } from '../options/time-range.ts';
import { printLabels } from '../output/label-lines.ts';
import { arrivalSince, type SeenOptions, seenLabels, seenRangeOf } from '../use/seen-range.ts';
import { take } from '../use/take.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface LabelsOptions extends SeenOptions, TargetOptions, JsonOptions {
  readonly since?: number;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus labels --since 30d
  $ threat-consensus labels --since 90d --limit 10000 --json > labels.ndjson
`;

const DAY_MS = 86_400_000;

/** Shows what humans found out. */
export function labelsCommand(): Command {
  const command = new Command('labels')
    .summary('show labels and how the votes look in their light, newest first')
    .description('Shows labels, newest first, with the votes of then and whether they were right.')
    .addOption(
      sinceOption('what was labelled since then (default: 7d; 90d with --seen-since or --seen-until)'),
    )
    .addOption(limitOption(100))
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(withSeenRange(command), 'table');
}

async function show(options: LabelsOptions): Promise<void> {
  const nowMs = Date.now();
  const range = until(nowMs, arrivalSince(options, 7 * DAY_MS, nowMs));
  const seen = seenRangeOf(options);
  const labels = take(seenLabels(readLabels(await openTable(options), range), seen), options.limit);
  const count = await printLabels(labels, options.json === true);
  if (count === 0)
    process.stderr.write(`nothing was labelled since ${new Date(range.fromMs).toISOString()}\n`);
}
