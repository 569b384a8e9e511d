import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { type FileUse, fileError, isFileSystemError } from '../../files/file-error.ts';
import { parseJson } from '../parse-json.ts';
import { InputError } from './input-error.ts';
import { jsonEntry } from './json-entries.ts';
import type { LogEntry } from './log-entry.ts';
import { type Fields, keep, type Sensed, set, setTransport } from './sensed.ts';
import { sensedEntry } from './sensed-entry.ts';

const ROWS_AT_ONCE = 1_000;
/** How long to wait while the legacy system writes. */
const BUSY_TIMEOUT_MS = 5_000;

type Cell = null | bigint | number | string | Uint8Array;

/**
 * Reads the table `connections` of the legacy system's SQLite database, in the table's order, without changing
 * anything. A database is read where it lies, together with what is still in its journal; one that was packed or
 * comes over a pipe is written to a temporary file first.
 *
 * @param path of the database, where it lies there as it is
 * @throws {InputError} where there is no such table, or no database
 * @throws {FileError} where the temporary file can't be written
 */
export async function* readConnectionsTable(
  chunks: AsyncIterable<Buffer>,
  path: string | undefined,
): AsyncGenerator<readonly LogEntry[]> {
  if (path !== undefined) {
    yield* readRows(path);
    return;
  }
  const folder = await copying(mkdtemp(join(tmpdir(), 'threat-consensus-')));
  try {
    const copy = join(folder, 'connections.sqlite');
    await copying(pipeline(chunks, createWriteStream(copy)));
    yield* readRows(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says where a temporary copy is, and how to put it elsewhere, where it can't be made. */
async function copying<Result>(step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (cause) {
    const use: FileUse = {
      action: 'write',
      what: 'a temporary copy of the database in',
      path: tmpdir(),
      elsewhere: 'set TMPDIR to another folder',
    };
    throw isFileSystemError(cause) ? fileError(cause, use) : cause;
  }
}

function* readRows(path: string): Generator<readonly LogEntry[]> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    const rows = database.prepare('SELECT * FROM connections');
    rows.setReadBigInts(true);
    let entries: LogEntry[] = [];
    let position = 0;
    for (const row of rows.iterate()) {
      position++;
      entries.push(entryOf(row as Readonly<Record<string, Cell>>, position));
      if (entries.length < ROWS_AT_ONCE) continue;
      yield entries;
      entries = [];
    }
    yield entries;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_SQLITE_ERROR') throw cause;
    throw new InputError(`the SQLite database cannot be read: ${message}`, { cause });
  } finally {
    database?.close();
  }
}

function entryOf(row: Readonly<Record<string, Cell>>, position: number): LogEntry {
  // An export of ours: its columns are for those who knew the legacy system, and the record stands beside them.
  if (typeof row.scored_side === 'string' && typeof row.record === 'string') {
    return jsonEntry({ text: row.record, position });
  }
  const cells = Object.entries(row).map(([name, cell]) => [name, jsonValue(cell)] as const);
  const text = JSON.stringify(Object.fromEntries(cells));
  return sensedEntry({ text, position }, fieldsOf(new Map(cells)));
}

/** What SQLite has and JSON has not becomes text: whole numbers that a double cannot hold, and bytes. */
function jsonValue(cell: Cell): unknown {
  if (typeof cell === 'bigint') {
    const number = Number(cell);
    return Number.isSafeInteger(number) ? number : String(cell);
  }
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell;
}

/** Columns that are read in a way of their own; all others are kept. */
const READ: ReadonlySet<string> = new Set(['local_orig', 'local_resp', 'threat_intel', 'geo_data']);

function fieldsOf(row: ReadonlyMap<string, unknown>): Sensed {
  const fields: Fields = {};
  for (const [name, value] of row) if (!READ.has(name)) keep(fields, name, value);
  for (const name of ['src_ip', 'dst_ip', 'id']) set(fields, name, row.get(name));
  for (const name of ['timestamp', 'bytes']) set(fields, name, numeric(row.get(name)));
  for (const name of ['local_orig', 'local_resp']) set(fields, name, truth(row.get(name)));
  for (const name of ['threat_intel', 'geo_data']) set(fields, name, structure(row.get(name)));
  setTransport(fields, row.get('protocol'), numeric(row.get('src_port')), numeric(row.get('dst_port')));
  return { kind: 'connection', fields };
}

/** SQLite keeps what was written whatever the column's type: a number may stand there as text. */
function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

function truth(value: unknown): unknown {
  if (value === 1) return true;
  return value === 0 ? false : value;
}

/** SQLite has no objects: they are JSON in text. */
function structure(value: unknown): unknown {
  const json = typeof value === 'string' ? parseJson(value) : undefined;
  return json?.ok === true ? json.value : value;
}
