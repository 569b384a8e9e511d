import { DEFAULT_COLUMNS, isVpcHeader } from './formats/vpc-flow.ts';

/** The logs that can be read, by the names that `--format` takes. */
export const LOG_FORMATS = ['json', 'zeek-json', 'zeek-tsv', 'eve', 'vpc-flow', 'sqlite'] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/** How a SQLite database begins. */
const SQLITE = 'SQLite format 3\0';

/** The first line may be cut short, or be of another program: so many are looked at. */
const LINES = 20;

/**
 * Tells what log it is by its beginning: of the first lines, the first that only one format has.
 *
 * @param head the first bytes, unpacked; a line at least where there is one
 * @returns `json` where none of the lines tells
 */
export function detectFormat(head: Buffer): LogFormat {
  if (head.subarray(0, SQLITE.length).toString('latin1') === SQLITE) return 'sqlite';
  const lines = head
    .toString()
    .replace(/^\ufeff/, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  // An array or a record over several lines tells by all of them together.
  const isSpread = /^\s*[[{]\s*$/.test(lines[0] ?? '');
  const texts = isSpread ? [lines.join('\n')] : lines.slice(0, LINES);
  for (const text of texts) {
    const format = formatOf(text);
    if (format !== undefined) return format;
  }
  return 'json';
}

function formatOf(text: string): LogFormat | undefined {
  if (/^\s*[[{]/.test(text)) return jsonFormatOf(text);
  if (/^\s*#(?:separator|fields|path)\s/.test(text)) return 'zeek-tsv';
  const cells = text.trim().split(/\s+/);
  if (isVpcHeader(cells) || isDefaultVpcLine(cells)) return 'vpc-flow';
  return undefined;
}

function jsonFormatOf(text: string): LogFormat | undefined {
  if (/"dst_ip"\s*:/.test(text)) return 'json';
  if (/"id[._]orig_h"\s*:|"id"\s*:\s*\{[^}]*"orig_h"\s*:/.test(text)) return 'zeek-json';
  if (/"event_type"\s*:/.test(text) && /"(?:dest_ip|flow_id|stats)"\s*:/.test(text)) return 'eve';
  return undefined;
}

function isDefaultVpcLine(cells: readonly string[]): boolean {
  return (
    cells.length === DEFAULT_COLUMNS.length &&
    /^\d$/.test(cells[0] ?? '') &&
    /^(?:OK|NODATA|SKIPDATA)$/.test(cells.at(-1) ?? '')
  );
}
