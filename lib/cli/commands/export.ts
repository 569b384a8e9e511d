import { existsSync, statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { beginOutputFile } from '../../files/output-file.ts';
import { writeText } from '../../files/standard-output.ts';
import { counted } from '../../statistics/count-text.ts';
import { CliError } from '../cli-error.ts';
import { openTable, withTarget } from '../options/target.ts';
import { sinceOption, untilOption } from '../options/time-range.ts';
import type { ExportCounts } from '../output/export/write-export.ts';
import { createProgress } from '../output/progress.ts';
import {
  DEFAULT_SINCE,
  EXPORT_FORMATS,
  type ExportOptions,
  type ExportPlan,
  exportPlan,
} from '../use/export/export-plan.ts';
import { type Interruption, watchInterruption } from '../use/interruption.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus export --since 24h > assessments.ndjson
  $ threat-consensus export connections --format csv --since 2026-09-01 --until 2026-10-01 > september.csv
  $ threat-consensus export --output legacy.sqlite --since 30d
  $ threat-consensus export connections --address 203.0.113.201
  $ threat-consensus export --labels --output labels.csv && npm run evaluate -- labels.csv
`;

/** Gives stored data to other programs. */
export function exportCommand(): Command {
  const command = new Command('export')
    .summary('write assessments, connections or labels to a file, or as text')
    .description(
      'Writes what is stored, newest first: assessments (or connections) as JSON lines or CSV, or both as a SQLite ' +
        'database with the tables of the legacy system. --labels writes labelled rows for training.',
    )
    .argument('[what]', 'assessments or connections (default: assessments)')
    .addOption(
      new Option('--format <format>', "default: what the output's name says, else jsonl").choices(
        EXPORT_FORMATS,
      ),
    )
    .option('--output <file>', 'a file to write; it is there when it is complete. Default: standard output')
    .option('--force', 'replace a file that is there')
    .addOption(
      sinceOption(
        `what arrived since then (default: ${DEFAULT_SINCE.assessments}, labels ${DEFAULT_SINCE.labels}; of an address everything)`,
      ),
    )
    .addOption(untilOption('what arrived before then'))
    .option('--address <ip>', 'of this remote address only')
    .option('--labels', 'labelled rows as CSV, in the columns that train and evaluate read')
    .option('--json', 'with --output, print the figures as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(exportData);
  return withTarget(command, 'table');
}

async function exportData(what: string | undefined, options: ExportOptions): Promise<void> {
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

type Table = Awaited<ReturnType<typeof openTable>>;

async function toStandardOutput(plan: ExportPlan, table: Table, interruption: Interruption): Promise<void> {
  const counts = await write(table, plan, undefined, () => interruption.throwIfInterrupted());
  if (isNothing(counts)) process.stderr.write(`${nothingLine(plan)}\n`);
}

async function toFile(
  plan: ExportPlan,
  path: string,
  table: Table,
  interruption: Interruption,
  isJson: boolean,
): Promise<void> {
  refuseExisting(path, plan.isForced);
  const file = beginOutputFile(path, { mustBeOrdinary: plan.format === 'sqlite' });
  const progress = createProgress(isJson);
  progress.step('exporting');
  try {
    const counts = await write(table, plan, file, ({ assessments, connections, labels }) => {
      interruption.throwIfInterrupted();
      progress.update(Math.max(assessments, connections, labels));
    });
    refuseExisting(path, plan.isForced);
    file.finish();
    progress.stop();
    if (isNothing(counts)) process.stderr.write(`${nothingLine(plan)}\n`);
    const figures = figuresOf(plan, counts);
    await writeText(
      isJson ? `${JSON.stringify({ ...figures, file: path })}\n` : `${summaryLine(figures, path)}\n`,
    );
  } finally {
    progress.stop();
    file.discard();
  }
}

/** A device or a pipe holds nothing that could be lost; of a folder, more is said where it is opened. */
function refuseExisting(path: string, isForced: boolean): void {
  if (isForced || !existsSync(path) || !statSync(path).isFile()) return;
  throw new CliError(`${path} is there already; --force replaces it`);
}

/** SQLite is loaded when it is needed: no other command pays for it. */
async function write(
  ...args: Parameters<typeof import('../output/export/write-export.ts').writeExport>
): Promise<ExportCounts> {
  const { writeExport } = await import('../output/export/write-export.ts');
  return await writeExport(...args);
}

function isNothing({ assessments, connections, labels }: ExportCounts): boolean {
  return assessments + connections + labels === 0;
}

function nothingLine({ kind, selection }: ExportPlan): string {
  const { range, address } = selection;
  const from = range.fromMs === 0 ? '' : ` since ${new Date(range.fromMs).toISOString()}`;
  const to = ` until ${new Date(range.toMs).toISOString()}`;
  const of = address === undefined ? '' : ` about ${address}`;
  return `nothing ${kind === 'labels' ? 'was labelled' : 'has arrived'}${of}${from}${to}`;
}

/** Only what the file holds. */
function figuresOf({ kind, format }: ExportPlan, counts: ExportCounts): Partial<ExportCounts> {
  const { assessments, connections } = counts;
  return format === 'sqlite' ? { assessments, connections } : { [kind]: counts[kind] };
}

const NOUNS = { assessments: 'assessment', connections: 'connection', labels: 'label' } as const;

function summaryLine(figures: Partial<ExportCounts>, path: string): string {
  const parts = Object.entries(figures).map(([kind, count]) =>
    counted(count, NOUNS[kind as keyof ExportCounts]),
  );
  return `${parts.join(' and ')} written to ${path}`;
}
