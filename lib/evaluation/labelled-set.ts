import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { AbuseIpdbIntel, ScoringInput, VirusTotalIntel } from '../consensus/scoring-input.ts';
import { EvaluationError } from './evaluation-error.ts';

/** One address as it was seen on a day, and what happened afterwards. */
export interface LabelledInput {
  readonly input: ScoringInput;
  readonly isMalicious: boolean;
  /** Hash of the address's network; a group stays on one side of any split. */
  readonly group: string;
}

export interface LabelledSet {
  /** File name without folder. */
  readonly name: string;
  /** Of the file as it lies on disk, hexadecimal. */
  readonly sha256: string;
  readonly rows: readonly LabelledInput[];
}

const COLUMNS = [
  'group',
  'vt_malicious',
  'vt_total',
  'abuse_confidence',
  'abuse_reports',
  'abuse_reporters',
  'abuse_days_since_last',
  'label',
] as const;
type Column = (typeof COLUMNS)[number];

/** The sets hold no addresses; scores do not depend on them. This one is reserved for documentation (RFC 5737). */
const ADDRESS = '192.0.2.1';

/**
 * Reads a labelled set: gzipped CSV with a heading, of which the columns named above are used. An empty `vt_*` or
 * `abuse_*` field means that the source had no answer.
 *
 * @throws {EvaluationError} when the file cannot be read or a row does not fit its heading
 */
export async function readLabelledSet(path: string): Promise<LabelledSet> {
  const name = basename(path);
  try {
    const bytes = await readFile(path);
    const text = (await promisify(gunzip)(bytes)).toString('utf8');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name, sha256, rows: parseLabelledRows(text) };
  } catch (cause) {
    throw new EvaluationError(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

export function parseLabelledRows(text: string): LabelledInput[] {
  const [heading = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const names = heading.split(',');
  const positions = COLUMNS.map((column) => [column, names.indexOf(column)] as const);
  const missing = positions.find(([, position]) => position < 0);
  if (missing) throw new EvaluationError(`no column ${missing[0]}`);
  return lines.map((line, index) => {
    const fields = line.split(',');
    if (fields.length !== names.length) {
      throw new EvaluationError(`line ${index + 2}: ${fields.length} fields, ${names.length} expected`);
    }
    const row = Object.fromEntries(positions.map(([column, position]) => [column, fields[position] ?? '']));
    return toLabelledInput(row as Record<Column, string>, index + 2);
  });
}

function toLabelledInput(row: Record<Column, string>, line: number): LabelledInput {
  const read = (column: Column): number | undefined => {
    if (row[column] === '') return undefined;
    const value = Number(row[column]);
    if (!(value >= 0)) throw new EvaluationError(`line ${line}: ${column} is not a number >= 0`);
    return value;
  };
  if (row.label !== '0' && row.label !== '1')
    throw new EvaluationError(`line ${line}: label is neither 0 nor 1`);
  const virustotal = readVirusTotal(read);
  const abuseipdb = readAbuseIpdb(read);
  const age = read('abuse_days_since_last');
  return {
    group: row.group,
    isMalicious: row.label === '1',
    input: {
      address: ADDRESS,
      threat_intel: { ...(virustotal && { virustotal }), ...(abuseipdb && { abuseipdb }) },
      ...(age !== undefined && { report_age_days: age }),
    },
  };
}

type ReadColumn = (column: Column) => number | undefined;

function readVirusTotal(read: ReadColumn): VirusTotalIntel | undefined {
  const total = read('vt_total');
  return total === undefined
    ? undefined
    : { malicious_vendors: read('vt_malicious') ?? 0, total_vendors: total };
}

function readAbuseIpdb(read: ReadColumn): AbuseIpdbIntel | undefined {
  const confidence = read('abuse_confidence');
  if (confidence === undefined) return undefined;
  return {
    confidence_score: confidence,
    total_reports: read('abuse_reports') ?? 0,
    num_distinct_users: read('abuse_reporters') ?? 0,
  };
}
