import { Command, Option } from 'commander';
import { beginOutputFile, type OutputFile } from '../../files/output-file.ts';
import { writeText } from '../../files/standard-output.ts';
import type { TableAccess } from '../../store/table-access.ts';
import { choiceArgument } from '../options/choice-argument.ts';
import { jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, untilOption, withSeenRange } from '../options/time-range.ts';
import { figuresOf, isNothing, nothingLine, summaryLine } from '../output/export/export-lines.ts';
import { withProgress } from '../output/progress.ts';
import { EXPORT_FORMATS, type ExportCounts, type ExportPlan } from '../results/export.ts';
import { DEFAULT_DAYS, type ExportOptions, exportPlan } from '../use/export/export-plan.ts';
import { refuseExisting } from '../use/export/refuse-existing.ts';
import { type Interruption, watchInterruption } from '../use/interruption.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus export --since 24h > assessments.ndjson
  $ threat-consensus export connections --format csv --since 2026-09-01 --until 2026-10-01 > september.csv
  $ threat-consensus export --output legacy.sqlite --since 30d
  $ threat-consensus export connections --address 203.0.113.201
  $ threat-consensus export --labels --output labels.csv && npm run evaluate -- labels.csv
`;

/** Exports stored data for other programs. */
export function exportCommand(): Command {
  const command = new Command('export')
    .summary('write assessments, connections or labels to a file or standard output')
    .description(
      'Writes stored data, newest first: assessments (or connections) as JSON lines or CSV, or both as a SQLite ' +
        'database with the tables of the legacy system. --labels writes labelled rows for training.',
    )
    .addArgument(
      choiceArgument('[what]', 'what to write (default: assessments)', ['assessments', 'connections']),
    )
    .addOption(
      new Option('--format <format>', "default: from the output's file name, else jsonl").choices(
        EXPORT_FORMATS,
      ),
    )
    .option('--output <file>', 'the file to write; it appears once it is complete (default: standard output)')
    .option('--force', 'replace an existing file')
    .addOption(
      sinceOption(
        `records that arrived since then (default: ${DEFAULT_DAYS.assessments}d, labels ${DEFAULT_DAYS.labels}d; with --address, all)`,
      ),
    )
    .addOption(untilOption('records that arrived before then'))
    .option('--address <ip>', 'only this remote address')
    .option('--labels', 'labelled rows as CSV, with the columns that train and evaluate read')
    .addOption(jsonOption('with --output, print the counts as one JSON object'))
    .addHelpText('after', EXAMPLES)
    .action(exportData);
  return withTarget(withSeenRange(command), 'table');
}

async function exportData(what: string | undefined, options: ExportOptions & TargetOptions): Promise<void> {
  const plan = exportPlan(what, options, Date.now());
  const table = await openTable(options);
  const interruption = watchInterruption();
  try {
    if (plan.outputPath === undefined) await toStandardOutput(plan, table, interruption);
    else await toFile(plan, plan.outputPath, table, interruption, options.json === true);
  } finally {
    interruption.forget();
  }
}

async function toStandardOutput(
  plan: ExportPlan,
  table: TableAccess,
  interruption: Interruption,
): Promise<void> {
  const counts = await write(table, plan, undefined, () => interruption.throwIfInterrupted());
  if (isNothing(counts)) process.stderr.write(`${nothingLine(plan)}\n`);
}

async function toFile(
  plan: ExportPlan,
  path: string,
  table: TableAccess,
  interruption: Interruption,
  isJson: boolean,
): Promise<void> {
  if (!plan.isForced) refuseExisting(path);
  const file = beginOutputFile(path, { mustBeOrdinary: plan.format === 'sqlite' });
  try {
    const counts = await withProgress(isJson, (progress) => {
      progress.step('exporting');
      return write(table, plan, file, ({ assessments, connections, labels }) => {
        interruption.throwIfInterrupted();
        progress.update(Math.max(assessments, connections, labels));
      });
    });
    if (!plan.isForced) refuseExisting(path);
    file.finish();
    if (isNothing(counts)) process.stderr.write(`${nothingLine(plan)}\n`);
    const figures = figuresOf(plan, counts);
    await writeText(
      isJson ? `${JSON.stringify({ ...figures, file: path })}\n` : `${summaryLine(figures, path)}\n`,
    );
  } finally {
    file.discard();
  }
}

/** SQLite is loaded only when needed, so that other commands don't pay for it. */
async function write(
  table: TableAccess,
  plan: ExportPlan,
  file: OutputFile | undefined,
  onStep: (counts: ExportCounts) => void,
): Promise<ExportCounts> {
  const { exportSource } = await import('../use/export/export-source.ts');
  const { writeExport } = await import('../output/export/write-export.ts');
  return await writeExport(exportSource(table, plan.selection), plan, file, onStep);
}
