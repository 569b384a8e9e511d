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
import { EmptyInputError, InputError } from './input-error.ts';
import type { LogEntry } from './log-entry.ts';
import {
  type BinaryFormat,
  binaryFormat,
  detectFormat,
  firstLines,
  isBinaryFormat,
  type LogFormat,
  type TextFormat,
} from './log-format.ts';
import type { LogPlace } from './log-place.ts';
import { peek } from './peek.ts';
import type { RandomAccess, ReadLimits } from './read-limits.ts';
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
  /** The same bytes, any of them at a time, where they lie somewhere else than in a file. */
  readonly random?: RandomAccess;
}

export interface ReadOptions {
  /** Of the log; by default what its beginning shows. */
  readonly format?: LogFormat | undefined;
  /** Entries up to here were read before: they are passed over, and hardly looked at. */
  readonly from?: LogPlace | undefined;
  /** For logs that nobody vouches for. */
  readonly limits?: ReadLimits | undefined;
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
 * @throws {InputError} where it cannot be read as what it is, or is no log at all
 */
export async function readLog(source: LogSource, options: ReadOptions = {}): Promise<Log> {
  const { format } = options;
  const { head, chunks, wasPacked } = await unpack(source.chunks);
  const binary = binaryFormat(head);
  if (binary !== undefined) return await readBinary(binary, chunks, wasPacked ? {} : source, options);
  refuseForeign(head);
  const text = await peek(inUtf8(chunks, head), holdsFirstLine);
  refuseForeign(text.head);
  if (isBinary(text.head))
    throw new InputError(`this is binary data of an unknown kind (${beginningOf(head)})`);
  return await readText(formatOfText(text.head, format), text.chunks, options);
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
function formatOfText(head: Buffer, named: LogFormat | undefined): TextFormat {
  const lines = firstLines(head);
  if (lines.length === 0 && head.length < HEAD_BYTES) throw new EmptyInputError('there is nothing in it');
  const detected = detectFormat(head);
  if (named !== undefined && isBinaryFormat(named)) {
    throw new InputError(`this is text, not ${named}, which --format names`);
  }
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

async function readText(
  format: TextFormat,
  chunks: AsyncIterable<Buffer>,
  { format: named, from, limits }: ReadOptions,
): Promise<Log> {
  const isNamed = named !== undefined;
  const longest = limits?.textCharacters;
  const lineLog = (read: ReadLine): Log => {
    return { format, unit: 'line', entries: entriesOf(textLines(chunks, longest), read, from) };
  };
  const jsonLog = async (read: ReadLine): Promise<Log> => {
    const { unit, records } = await readJsonRecords(chunks, longest);
    return { format, unit, entries: entriesOf(records, read, from) };
  };
  switch (format) {
    case 'json':
      return await jsonLog(jsonEntry);
    case 'zeek-json':
      return await jsonLog(isNamed ? zeekJsonEntry : zeekJsonAmongOthers);
    case 'eve':
      return await jsonLog(isNamed ? eveEntry : eveAmongOthers);
    case 'zeek-tsv':
      return lineLog(zeekTsvReader());
    case 'vpc-flow':
      return lineLog(vpcFlowReader());
  }
}

/** @throws {InputError} where the limits leave no way to read it */
async function readBinary(
  format: BinaryFormat,
  chunks: AsyncIterable<Buffer>,
  { path, random }: Pick<LogSource, 'path' | 'random'>,
  { from, limits }: ReadOptions,
): Promise<Log> {
  if (limits !== undefined && (format === 'sqlite' || random === undefined)) {
    throw new InputError(
      format === 'sqlite'
        ? 'this is a SQLite database, which only `push` reads'
        : 'this is a packed Parquet file: store it as it is, its columns are packed already',
    );
  }
  if (format === 'parquet') {
    // Loaded here, as the next one: hardly anyone needs either.
    const { readParquet } = await import('./formats/parquet.ts');
    return { format, unit: 'row', entries: readParquet({ chunks, path, random }, { from, limits }) };
  }
  const { readConnectionsTable } = await import('./formats/legacy-sqlite.ts');
  return { format, unit: 'row', entries: readConnectionsTable(chunks, path) };
}

async function* entriesOf(
  batches: AsyncIterable<readonly RecordText[]>,
  read: ReadLine,
  from: LogPlace | undefined,
): AsyncGenerator<readonly LogEntry[]> {
  const start = from?.position ?? 0;
  // Of those at the place itself: one text may stand for several entries.
  let toDrop = from?.entries ?? 0;
  for await (const batch of batches) {
    const entries: LogEntry[] = [];
    for (const line of batch) {
      if (line.position < start) {
        read.passOver?.(line.text);
        continue;
      }
      const entry = read(line);
      if (entry === undefined) continue;
      const several = isSeveral(entry) ? entry : undefined;
      if (line.position === start && toDrop > 0) {
        const dropped = Math.min(toDrop, several?.length ?? 1);
        toDrop -= dropped;
        if (several !== undefined) entries.push(...several.slice(dropped));
      } else if (several !== undefined) for (const each of several) entries.push(each);
      else entries.push(entry as LogEntry);
    }
    yield entries;
  }
}

function isSeveral(entry: Entries): entry is readonly LogEntry[] {
  return Array.isArray(entry);
}
