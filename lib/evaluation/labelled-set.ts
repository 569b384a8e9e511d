import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { AbuseIpdbIntel, ScoringInput, VirusTotalIntel } from '../consensus/scoring-input.ts';
import { fileError, isFileSystemError } from '../files/file-error.ts';
import { isListName } from '../records/list-name.ts';
import { EvaluationError } from './evaluation-error.ts';

/** An address as it was seen on a day, and what happened afterwards. */
export interface LabelledInput {
  readonly input: ScoringInput;
  readonly isMalicious: boolean;
  /** Lists that name the address; undefined if the set does not record them. */
  readonly listedBy?: readonly string[];
  /** Hash of the address's network; a group is never split. */
  readonly group: string;
  /** Line in the file; the heading is line 1. */
  readonly line: number;
  /** Day on which it was seen, YYYY-MM-DD. */
  readonly asOf: string;
}

export interface LabelledSet {
  /** File name without folder. */
  readonly name: string;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
  readonly rows: readonly LabelledInput[];
}

/** Required columns of a labelled set. */
export const LABELLED_COLUMNS = [
  'group',
  'as_of',
  'vt_malicious',
  'vt_total',
  'abuse_confidence',
  'abuse_reports',
  'abuse_reporters',
  'abuse_days_since_last',
  'label',
] as const;
const OPTIONAL_COLUMNS = ['dst_port', 'protocol', 'listed_by'] as const;
type Column = (typeof LABELLED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** The sets hold no addresses, and scores do not depend on them. This one is reserved for documentation (RFC 5737). */
const ADDRESS = '192.0.2.1';
/** The most common port; the engine gives it no weight. */
const ASSUMED_PORT = 443;
const ASSUMED_PROTOCOL = 'tcp';
const LARGEST_PORT = 65_535;

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Reads a labelled set: CSV with a heading, optionally gzipped; columns not named above are ignored. An empty `vt_*` or
 * `abuse_*` field means that the source had no answer; without a port, 443/tcp is assumed. `listed_by` names lists
 * separated by semicolons; empty means that none names the address.
 *
 * @throws {EvaluationError} if the file cannot be read or a row does not match its heading
 */
export async function readLabelledSet(path: string): Promise<LabelledSet> {
  const name = basename(path);
  try {
    const bytes = await readFile(path);
    const isGzipped = GZIP_MAGIC.every((byte, i) => bytes[i] === byte);
    const text = (isGzipped ? await promisify(gunzip)(bytes) : bytes).toString('utf8');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name, sha256, rows: parseLabelledRows(text) };
  } catch (cause) {
    if (isFileSystemError(cause)) throw fileError(cause, { action: 'read', path });
    throw new EvaluationError(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** A line's fields, and where it ends. */
interface ParsedLine {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

export function parseLabelledRows(text: string): LabelledInput[] {
  const [heading, ...lines] = parse(text, {
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  }) as unknown as readonly ParsedLine[];
  const names = heading?.record ?? [];
  const missing = LABELLED_COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new EvaluationError(
      `line 1: no column ${missing.join(', ')}; needed are ${LABELLED_COLUMNS.join(', ')}`,
    );
  }
  if (lines.length === 0) throw new EvaluationError('no rows after the heading');
  const positions = new Map(
    [...LABELLED_COLUMNS, ...OPTIONAL_COLUMNS].map((column) => [column, names.indexOf(column)]),
  );
  return lines.map(({ record, info: { lines: line } }) => {
    if (record.length !== names.length) {
      throw new EvaluationError(`line ${line}: ${record.length} fields, ${names.length} expected`);
    }
    return toLabelledInput(createRow(record, positions, line), line);
  });
}

/** Access to one line's fields by column. */
interface Row {
  /** Whether the set has the column. */
  has(column: Column): boolean;
  /** The field, trimmed; empty if the set lacks the column. */
  text(column: Column): string;
  /** A number >= 0, or `undefined` for an empty field. */
  count(column: Column): number | undefined;
  refuse(column: Column, expected: string): never;
}

function createRow(fields: readonly string[], positions: ReadonlyMap<Column, number>, line: number): Row {
  const text = (column: Column) => fields[positions.get(column) ?? -1] ?? '';
  const refuse = (column: Column, expected: string): never => {
    const found = text(column);
    throw new EvaluationError(
      `line ${line}: ${column} is ${found === '' ? 'empty' : JSON.stringify(found.slice(0, 40))}, expected ${expected}`,
    );
  };
  return {
    has: (column) => (positions.get(column) ?? -1) >= 0,
    text,
    refuse,
    count(column) {
      const found = text(column);
      if (found === '') return undefined;
      const value = Number(found);
      return value >= 0 && Number.isFinite(value) ? value : refuse(column, 'a number >= 0');
    },
  };
}

function toLabelledInput(row: Row, line: number): LabelledInput {
  const label = row.text('label');
  if (label !== '0' && label !== '1') row.refuse('label', '0 or 1');
  const group = row.text('group');
  if (group === '') row.refuse('group', 'the name of a network');
  const asOf = row.text('as_of');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(asOf)) row.refuse('as_of', 'a day as YYYY-MM-DD');
  const virustotal = readVirusTotal(row);
  const abuseipdb = readAbuseIpdb(row);
  const age = row.count('abuse_days_since_last');
  const port = row.count('dst_port') ?? ASSUMED_PORT;
  if (!Number.isInteger(port) || port > LARGEST_PORT) row.refuse('dst_port', 'a port');
  return {
    group,
    line,
    asOf,
    isMalicious: label === '1',
    ...(row.has('listed_by') && { listedBy: readListedBy(row) }),
    input: {
      address: ADDRESS,
      dst_port: port,
      protocol: row.text('protocol').toLowerCase() || ASSUMED_PROTOCOL,
      threat_intel: { ...(virustotal && { virustotal }), ...(abuseipdb && { abuseipdb }) },
      ...(age !== undefined && { report_age_days: age }),
    },
  };
}

function readListedBy(row: Row): string[] {
  const names = row.text('listed_by').split(';');
  const listed = names.map((name) => name.trim()).filter((name) => name !== '');
  if (!listed.every(isListName)) row.refuse('listed_by', 'names of lists, parted by semicolons');
  return listed;
}

function readVirusTotal(row: Row): VirusTotalIntel | undefined {
  const total = row.count('vt_total');
  const malicious = row.count('vt_malicious');
  if (total === undefined) return malicious === undefined ? undefined : row.refuse('vt_total', 'a number');
  if (malicious === undefined) return row.refuse('vt_malicious', 'a number, as vt_total has one');
  if (malicious > total) row.refuse('vt_malicious', `at most vt_total, ${total}`);
  return { malicious_vendors: malicious, total_vendors: total };
}

function readAbuseIpdb(row: Row): AbuseIpdbIntel | undefined {
  const confidence = row.count('abuse_confidence');
  if (confidence === undefined) return undefined;
  if (confidence > 100) row.refuse('abuse_confidence', 'a percentage');
  const reporters = row.count('abuse_reporters');
  return {
    confidence_score: confidence,
    total_reports:
      row.count('abuse_reports') ?? row.refuse('abuse_reports', 'a number, as abuse_confidence has one'),
    ...(reporters !== undefined && { num_distinct_users: reporters }),
  };
}
