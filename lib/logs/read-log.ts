import {
  type Entries,
  eveAmongOthers,
  eveEntry,
  jsonEntry,
  zeekJsonAmongOthers,
  zeekJsonEntry,
} from './formats/json-entries.ts';
import { type PositionUnit, readJsonRecords } from './formats/json-records.ts';
import { vpcFlowReader } from './formats/vpc-flow.ts';
import { type ReadLine, zeekTsvReader } from './formats/zeek-tsv.ts';
import { InputError } from './input-error.ts';
import type { LogEntry } from './log-entry.ts';
import { binaryFormat, detectFormat, firstLines, type LogFormat } from './log-format.ts';
import { peek } from './peek.ts';
import { foreignFile, isBinary } from './recognition/foreign-files.ts';
import { knownText, unknownText } from './recognition/foreign-text.ts';
import { inUtf8 } from './text-encoding.ts';
import { type RecordText, textLines } from './text-lines.ts';
import { unpack } from './unpack.ts';

/** A log's bytes, with where they lie. */
export interface LogSource {
  readonly chunks: AsyncIterable<Buffer | string>;
  /** The file; absent where they come over a pipe. */
  readonly path?: string;
}

export interface Log {
  readonly format: LogFormat;
  readonly unit: PositionUnit;
  /** In the order of the input, as many at a time as a piece of it holds. */
  readonly entries: AsyncIterable<readonly LogEntry[]>;
}

/** Enough for the first lines. */
const HEAD_BYTES = 65_536;
const LINE_FEED = 0x0a;

/**
 * Reads the connections in a log, whatever it is: records of ours as JSON, or what Zeek, Suricata, AWS or the legacy
 * system write; unpacks gzip and Zstandard. Nothing is dropped in silence: each entry is a connection, skipped, or
 * invalid. Lines are streamed, so that a log of any size takes little memory.
 *
 * @param format of the log; by default what its beginning shows
 * @throws {InputError} where it cannot be read as what it is, or is no log at all
 */
export async function readLog({ chunks, path }: LogSource, format?: LogFormat): Promise<Log> {
  const { head, chunks: unpacked, wasPacked } = await unpack(chunks);
  const binary = binaryFormat(head);
  if (binary !== undefined) return await readAs(binary, unpacked, wasPacked ? undefined : path);
  refuseForeign(head);
  const text = await peek(inUtf8(unpacked, head), holdsFirstLine);
  refuseForeign(text.head);
  if (isBinary(text.head))
    throw new InputError(`this is binary data of an unknown kind (${beginningOf(head)})`);
  return await readAs(formatOfText(text.head, format), text.chunks, undefined, format !== undefined);
}

/** @throws {InputError} where a file is of a kind that holds no readable log */
function refuseForeign(head: Buffer): void {
  const foreign = foreignFile(head);
  if (foreign !== undefined) throw new InputError(`this is ${foreign.what}; ${foreign.advice}`);
}

function beginningOf(head: Buffer): string {
  return `it begins with the bytes ${head.toString('hex', 0, 8).replace(/..(?!$)/g, '$& ')}`;
}

/** @throws {InputError} where the text is none of a log's */
function formatOfText(head: Buffer, named: LogFormat | undefined): LogFormat {
  const lines = firstLines(head);
  if (lines.length === 0 && head.length < HEAD_BYTES) throw new InputError('there is nothing in it');
  const detected = detectFormat(head);
  if (detected !== undefined) return named ?? detected;
  const problem = knownText(lines);
  if (problem !== undefined) throw new InputError(problem);
  if (named === undefined) throw new InputError(unknownText(lines));
  return named;
}

function holdsFirstLine(head: Buffer): boolean {
  if (head.length >= HEAD_BYTES) return true;
  const end = head.lastIndexOf(LINE_FEED);
  return end >= 0 && head.subarray(0, end).toString().trim() !== '';
}

async function readAs(
  format: LogFormat,
  chunks: AsyncIterable<Buffer>,
  path: string | undefined,
  isNamed = false,
): Promise<Log> {
  switch (format) {
    case 'json':
      return await jsonLog(format, chunks, jsonEntry);
    case 'zeek-json':
      return await jsonLog(format, chunks, isNamed ? zeekJsonEntry : zeekJsonAmongOthers);
    case 'eve':
      return await jsonLog(format, chunks, isNamed ? eveEntry : eveAmongOthers);
    case 'zeek-tsv':
      return { format, unit: 'line', entries: entriesOf(textLines(chunks), zeekTsvReader()) };
    case 'vpc-flow':
      return { format, unit: 'line', entries: entriesOf(textLines(chunks), vpcFlowReader()) };
    case 'parquet': {
      // Loaded here, as the next one: hardly anyone needs either.
      const { readParquet } = await import('./formats/parquet.ts');
      return { format, unit: 'row', entries: readParquet(chunks, path) };
    }
    case 'sqlite': {
      const { readConnectionsTable } = await import('./formats/legacy-sqlite.ts');
      return { format, unit: 'row', entries: readConnectionsTable(chunks, path) };
    }
  }
}

async function jsonLog(format: LogFormat, chunks: AsyncIterable<Buffer>, read: ReadLine): Promise<Log> {
  const { unit, records } = await readJsonRecords(chunks);
  return { format, unit, entries: entriesOf(records, read) };
}

async function* entriesOf(
  batches: AsyncIterable<readonly RecordText[]>,
  read: ReadLine,
): AsyncGenerator<readonly LogEntry[]> {
  for await (const batch of batches) {
    const entries: LogEntry[] = [];
    for (const line of batch) {
      const entry = read(line);
      if (entry === undefined) continue;
      if (isSeveral(entry)) for (const each of entry) entries.push(each);
      else entries.push(entry);
    }
    yield entries;
  }
}

function isSeveral(entry: Entries): entry is readonly LogEntry[] {
  return Array.isArray(entry);
}
