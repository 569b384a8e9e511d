import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parseJson } from '../../records/parse-json.ts';
import { type Fields, keep, type Sensed, set, setTransport } from '../../records/sensors/sensed.ts';
import { InputError } from '../input-error.ts';
import type { LogEntry } from '../log-entry.ts';
import { fromCopies, fromFile } from '../temporary-copy.ts';
import { jsonEntry } from './json-entries.ts';
import { sensedEntry } from './sensed-entry.ts';

const ROWS_AT_ONCE = 1_000;
/** How long to wait for the legacy system's write lock. */
const BUSY_TIMEOUT_MS = 5_000;

type Cell = null | bigint | number | string | Uint8Array;

/**
 * Reads the table `connections` of the legacy system's SQLite database, in table order, without changing anything. A
 * database file is read in place, including its journal; one that is compressed or comes over a pipe is written to a
 * temporary file first.
 *
 * @param path of the database, if it can be read in place
 * @throws {InputError} if there is no such table, or no database
 * @throws {FileError} if the temporary file can't be written
 */
export function readConnectionsTable(
  chunks: AsyncIterable<Buffer>,
  path: string | undefined,
): AsyncGenerator<readonly LogEntry[]> {
  return fromFile({ chunks, path }, readWhereItLies);
}

/**
 * Copies and backups of a WAL-mode database often lack its journal, or are on a read-only disk. Without a journal the
 * file is complete and is opened as immutable, so SQLite creates no files next to it. With one, SQLite writes next to
 * it, which is acceptable only if another program has the database open and those files exist already. Otherwise both
 * are copied.
 */
async function* readWhereItLies(path: string): AsyncGenerator<readonly LogEntry[]> {
  const hasJournal = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (!hasJournal) yield* readRows(isInWalMode(path) ? unchanging(path) : path);
  else if (existsSync(`${path}-shm`) && isWritable(dirname(path))) yield* readRows(path);
  else yield* fromCopies(path, ['-wal'], readRows);
}

/** The read and write versions in a database's header: 2 means a write-ahead log (https://sqlite.org/fileformat.html). */
function isInWalMode(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const versions = Buffer.alloc(2);
    readSync(descriptor, versions, 0, versions.length, 18);
    return versions.includes(2);
  } finally {
    closeSync(descriptor);
  }
}

function unchanging(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return url;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function* readRows(path: string | URL): Generator<readonly LogEntry[]> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    requireTable(database);
    const rows = database.prepare('SELECT * FROM connections');
    rows.setReadBigInts(true);
    let entries: LogEntry[] = [];
    let position = 0;
    for (const row of rows.iterate()) {
      position++;
      entries.push(...entriesOf(row as Readonly<Record<string, Cell>>, position));
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

/** @throws {InputError} listing the tables there are, if that one is missing */
function requireTable(database: DatabaseSync): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").all();
  const names = tables.map(({ name }) => String(name));
  if (names.some((name) => name.toLowerCase() === 'connections')) return;
  const found =
    names.length === 0
      ? 'it has none; if it is a copy, copy its -wal file too'
      : `it has ${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ', ...' : ''}`;
  throw new InputError(`this SQLite database has no table "connections" (${found})`);
}

/** Number of tables listed in a message. */
const MOST_NAMED = 5;

function entriesOf(row: Readonly<Record<string, Cell>>, position: number): readonly LogEntry[] {
  // SQLite accepts column names in any case, and returns them as the table was created.
  const named = Object.entries(row).map(([name, cell]) => [name.toLowerCase(), cell] as const);
  const cellsByName = new Map(named);
  const record = cellsByName.get('record');
  // One of our own exports: its columns mirror the legacy system's, and a further column holds the record.
  if (typeof cellsByName.get('scored_side') === 'string' && typeof record === 'string') {
    return [jsonEntry({ text: record, position })].flat();
  }
  const cells = named.map(([name, cell]) => [name, jsonValue(cell)] as const);
  const text = JSON.stringify(Object.fromEntries(cells));
  return [sensedEntry({ text, position }, fieldsOf(new Map(cells)))];
}

/** Values that JSON cannot hold become text: integers beyond a double's precision, and bytes. */
function jsonValue(cell: Cell): unknown {
  if (typeof cell === 'bigint') {
    const number = Number(cell);
    return Number.isSafeInteger(number) ? number : String(cell);
  }
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell;
}

/** Columns with special handling; all others are kept. */
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

/** SQLite stores a value as written whatever the column's type: a number may be text. */
function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

function truth(value: unknown): unknown {
  if (value === 1) return true;
  return value === 0 ? false : value;
}

/** SQLite has no objects; they are stored as JSON text. */
function structure(value: unknown): unknown {
  const json = typeof value === 'string' ? parseJson(value) : undefined;
  return json?.ok === true ? json.value : value;
}
