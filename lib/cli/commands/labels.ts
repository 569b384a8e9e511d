import { Command } from 'commander';
import { createConsensus } from '../../consensus/consensus.ts';
import { DEFAULT_CONSENSUS_SETTINGS } from '../../consensus/settings.ts';
import { LabelJudge } from '../../statistics/label-report.ts';
import { type Label, readLabels } from '../../store/labels.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, withSeenRange } from '../options/time-range.ts';
import { printLabels } from '../output/label-lines.ts';
import { labelReportLines } from '../output/label-report-lines.ts';
import { seenText } from '../output/seen-text.ts';
import { writeLines } from '../output/write-lines.ts';
import { arrivalSince, type SeenOptions, seenLabels, seenRangeOf } from '../use/seen-range.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface LabelsOptions extends SeenOptions, TargetOptions, JsonOptions {
  readonly since?: number;
  readonly limit: number;
  /** Print only how well scorers and sources did. */
  readonly summary?: true;
}

const EXAMPLES = `
Examples:
  $ threat-consensus labels --since 30d
  $ threat-consensus labels --since 90d --summary
  $ threat-consensus labels --since 90d --limit 10000 --json > labels.ndjson
`;

const DAY_MS = 86_400_000;

/** Shows the labels that humans gave. */
export function labelsCommand(): Command {
  const command = new Command('labels')
    .summary('show labels, and how well scorers and sources did against them')
    .description(
      'Shows labels, newest first, with the votes at that time and whether they were right; then precision and recall of ' +
        'each scorer and source, with 95 % intervals, over all labels of the time range.',
    )
    .addOption(sinceOption('labels given since then (default: 7d; 90d with --seen-since or --seen-until)'))
    .addOption(limitOption(100))
    .option('--summary', 'print only how well each scorer and source did')
    .addOption(jsonOption('print one JSON object per line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(withSeenRange(command), 'table');
}

async function show(options: LabelsOptions): Promise<void> {
  const nowMs = Date.now();
  const range = until(nowMs, arrivalSince(options, 7 * DAY_MS, nowMs));
  const seen = seenRangeOf(options);
  const labels = seenLabels(readLabels(await openTable(options), range), seen);
  const judge = new LabelJudge(createConsensus(), DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold);
  const limit = options.summary ? 0 : options.limit;
  await printLabels(judged(labels, judge), limit, options.json === true);
  const { report } = judge;
  if (report.labels === 0) {
    const since = new Date(range.fromMs).toISOString();
    process.stderr.write(`nothing was labelled since ${since}${seenText(seen)}\n`);
  } else if (options.json) {
    if (options.summary) await writeLines([JSON.stringify(report)]);
  } else await writeLines(labelReportLines(report));
}

async function* judged(labels: AsyncIterable<Label>, judge: LabelJudge): AsyncGenerator<Label> {
  for await (const label of labels) {
    judge.add(label);
    yield label;
  }
}
