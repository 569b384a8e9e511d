import { extname } from 'node:path';
import { canonicalAddress } from '../../../records/address.ts';
import { CliError } from '../../cli-error.ts';
import type { ExportFormat, ExportKind, ExportPlan, Selection } from '../../results/export.ts';
import { seenRangeOf } from '../seen-range.ts';
import { until } from '../time-range.ts';

/** The options of a call. */
export interface ExportOptions {
  readonly format?: ExportFormat;
  readonly output?: string;
  readonly force?: true;
  readonly since?: number;
  readonly until?: number;
  readonly seenSince?: number;
  readonly seenUntil?: number;
  readonly address?: string;
  readonly labels?: true;
  readonly json?: true;
}

const FORMAT_BY_EXTENSION: Readonly<Record<string, ExportFormat>> = {
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'jsonl',
  '.sqlite': 'sqlite',
  '.sqlite3': 'sqlite',
  '.db': 'sqlite',
};

const DAY_MS = 86_400_000;

/** Default ranges: a deployment's usual retention of assessments; labels are kept forever. */
export const DEFAULT_DAYS = { assessments: 90, connections: 90, labels: 365 } as const;

/** @throws {CliError} in one line if options can't be combined */
export function exportPlan(what: string | undefined, options: ExportOptions, nowMs: number): ExportPlan {
  const kind = kindOf(what, options);
  const format = formatOf(kind, options);
  const outputPath = options.output === '-' ? undefined : options.output;
  if (format === 'sqlite' && outputPath === undefined)
    throw new CliError('a SQLite database needs a file: use --output FILE', 2);
  if (format === 'sqlite' && kind === 'labels')
    throw new CliError(
      'labels are exported as CSV; a SQLite file has them in its table consensus_assessments',
      2,
    );
  if (format === 'jsonl' && kind === 'labels')
    throw new CliError('labels are exported as CSV, for training; `labels --json` prints them as JSON', 2);
  return {
    kind,
    format,
    outputPath,
    isForced: options.force === true,
    selection: selectionOf(kind, options, nowMs),
  };
}

function kindOf(what: string | undefined, { labels }: ExportOptions): ExportKind {
  if (labels === true && what !== undefined)
    throw new CliError(`--labels exports labelled rows, not ${what}: leave one out`, 2);
  if (labels === true) return 'labels';
  if (what === undefined || what === 'assessments') return 'assessments';
  if (what === 'connections') return 'connections';
  throw new CliError(`"${what}" is neither assessments nor connections; use --labels for labels`, 2);
}

function formatOf(kind: ExportKind, { format, output = '', json }: ExportOptions): ExportFormat {
  if (format !== undefined) return format;
  const byDefault = kind === 'labels' ? 'csv' : 'jsonl';
  if (json === true && output === '') return byDefault;
  const extension = extname(output).toLowerCase();
  if (extension === '') return byDefault;
  const byExtension = FORMAT_BY_EXTENSION[extension];
  if (byExtension === undefined)
    throw new CliError(
      `no format has the ending "${extension}": name the file .csv, .jsonl or .sqlite, or use --format`,
      2,
    );
  return byExtension;
}

function selectionOf(
  kind: ExportKind,
  { since, until: end, address: text, ...seen }: ExportOptions,
  nowMs: number,
): Selection {
  const address = text === undefined ? undefined : canonicalAddress(text);
  if (text !== undefined && address === undefined)
    throw new CliError(`"${text}" is not an IPv4 or IPv6 address`, 2);
  // An address's partitions are read completely anyway.
  const fromMs = since ?? (address === undefined ? nowMs - DEFAULT_DAYS[kind] * DAY_MS : 0);
  const seenRange = seenRangeOf(seen);
  const range = until(nowMs, fromMs);
  if (end !== undefined && end <= fromMs) throw new CliError('--until must be later than --since', 2);
  // The end is exclusive, so one export can begin where another ends.
  return { address, seen: seenRange, range: end === undefined ? range : { ...range, toMs: end - 1 } };
}
