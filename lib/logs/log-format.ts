import { defaultColumnsOf, flowCells, isVpcHeader, withoutPrefix } from '../records/sensors/vpc-lines.ts';
import { BEFORE_ENTRY } from './text-lines.ts';

/** Readable log formats, by the names that `--format` takes. */
export const LOG_FORMATS = ['json', 'zeek-json', 'zeek-tsv', 'eve', 'vpc-flow', 'parquet', 'sqlite'] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/** Binary formats. */
export type BinaryFormat = Extract<LogFormat, 'parquet' | 'sqlite'>;
export type TextFormat = Exclude<LogFormat, BinaryFormat>;

export function isBinaryFormat(format: LogFormat): format is BinaryFormat {
  return format === 'parquet' || format === 'sqlite';
}

/** Whether a name is that of a text format. */
export function isTextFormat(name: string | undefined): name is TextFormat {
  const format = LOG_FORMATS.find((each) => each === name);
  return format !== undefined && !isBinaryFormat(format);
}

/** The first bytes of a SQLite database. */
const SQLITE = 'SQLite format 3\0';
/** The first and last bytes of a Parquet file. */
const PARQUET = 'PAR1';

/** Lines examined: the first may be truncated, or come from another program. */
const LINES = 20;

/** Detects a binary format by its first bytes. */
export function binaryFormat(head: Buffer): BinaryFormat | undefined {
  if (head.subarray(0, SQLITE.length).toString('latin1') === SQLITE) return 'sqlite';
  return head.subarray(0, PARQUET.length).toString('latin1') === PARQUET ? 'parquet' : undefined;
}

/** The first non-blank lines of a text; the last may be truncated. */
export function firstLines(head: Buffer): readonly string[] {
  return head
    .toString()
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(BEFORE_ENTRY, ''))
    .filter((line) => line.trim() !== '')
    .slice(0, LINES);
}

/**
 * Detects a text format by its first lines: the first line that fits only one format decides.
 *
 * @returns `json` if there are JSON objects and none of them is specific; undefined if there are none
 */
export function detectFormat(head: Buffer): TextFormat | undefined {
  const lines = firstLines(head);
  // An array or a record over several lines can only be identified by all of them together.
  const isSpread = /^\s*[[{]\s*$/.test(lines[0] ?? '');
  const texts = isSpread ? [head.toString()] : lines;
  for (const text of texts) {
    const format = formatOf(text);
    if (format !== undefined) return format;
  }
  return lines.some((line) => /^\s*(?:[[{]|"\{)/.test(line)) ? 'json' : undefined;
}

function formatOf(text: string): TextFormat | undefined {
  if (/^\s*[[{]/.test(text)) return jsonFormatOf(text);
  if (/^\s*#(?:separator|fields|path)\s/.test(text)) return 'zeek-tsv';
  const isFlow = isVpcHeader(text) || defaultColumnsOf(withoutPrefix(flowCells(text))) !== undefined;
  return isFlow ? 'vpc-flow' : undefined;
}

function jsonFormatOf(text: string): TextFormat | undefined {
  if (/"dst_ip"\s*:/.test(text)) return 'json';
  if (/"id[._]orig_h"\s*:|"id"\s*:\s*\{[^}]*"orig_h"\s*:/.test(text)) return 'zeek-json';
  // Zeek's logs without the two sides.
  if (/^\s*\[?\s*\{\s*"(?:ts|_path)"\s*:/.test(text)) return 'zeek-json';
  if (/"event_type"\s*:/.test(text) && /"(?:dest_ip|flow_id|stats)"\s*:/.test(text)) return 'eve';
  return undefined;
}
