import { EmptyInputError, InputError } from './input-error.ts';
import type { Log } from './log.ts';
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
import { readTextLog } from './read-text-log.ts';
import { foreignFile, isBinary } from './recognition/foreign-files.ts';
import { knownText, unknownText } from './recognition/foreign-text.ts';
import { inUtf8 } from './text-encoding.ts';
import { unpack } from './unpack.ts';

/** A log's bytes, and where they are stored. */
export interface LogSource {
  readonly chunks: AsyncIterable<Buffer | string>;
  /** The file; absent for a pipe. */
  readonly path?: string;
  /** Random access to the same bytes, if they are not in a file. */
  readonly random?: RandomAccess;
}

export interface ReadOptions {
  /** The log's format; detected from its beginning by default. */
  readonly format?: LogFormat | undefined;
  /** The name of the user's format option, for messages; `--format` by default. */
  readonly formatOption?: string;
  /** Entries before this place were read earlier; they are skipped with as little work as possible. */
  readonly from?: LogPlace | undefined;
  /** For untrusted logs. */
  readonly limits?: ReadLimits | undefined;
}

/** Enough for the first lines. */
const HEAD_BYTES = 65_536;
const LINE_FEED = 0x0a;

/**
 * Reads the connections of a log in any supported format: our JSON records, or logs of Zeek, Suricata, AWS or the
 * legacy system; decompresses gzip and Zstandard. Nothing is dropped silently: each entry is a connection, skipped, or
 * invalid. Lines are streamed, so a log of any size takes little memory.
 *
 * @throws {InputError} if it does not match its format, or is not a log
 */
export async function readLog(source: LogSource, options: ReadOptions = {}): Promise<Log> {
  const { format, from, limits } = options;
  const { head, chunks, wasPacked } = await unpack(source.chunks);
  const binary = binaryFormat(head);
  if (binary !== undefined) return await readBinary(binary, chunks, wasPacked ? {} : source, options);
  refuseForeign(head);
  const inPlace = inUtf8(chunks, head);
  const text = await peek(inPlace, holdsFirstLine);
  refuseForeign(text.head);
  if (isBinary(text.head))
    throw new InputError(`this is binary data of an unknown kind (${beginningOf(head)})`);
  return await readTextLog(text.chunks, {
    format: formatOfText(text.head, options),
    isNamed: format !== undefined,
    isAsItLies: !wasPacked && inPlace === chunks,
    from,
    limits,
  });
}

/** @throws {InputError} if the file is of a kind that holds no readable log */
function refuseForeign(head: Buffer): void {
  const foreign = foreignFile(head);
  if (foreign !== undefined) throw new InputError(`this is ${foreign.what}; ${foreign.advice}`);
}

function beginningOf(head: Buffer): string {
  return `it begins with the bytes ${head.toString('hex', 0, 8).replace(/..(?!$)/g, '$& ')}`;
}

/** @throws {InputError} if the text is not a log */
function formatOfText(head: Buffer, { format: named, formatOption = '--format' }: ReadOptions): TextFormat {
  const lines = firstLines(head);
  if (lines.length === 0 && head.length < HEAD_BYTES) throw new EmptyInputError('it is empty');
  const detected = detectFormat(head);
  if (named !== undefined && isBinaryFormat(named)) {
    throw new InputError(`this is text, not ${named} as named by ${formatOption}`);
  }
  if (detected !== undefined) return named ?? detected;
  const problem = knownText(lines);
  if (problem !== undefined) throw new InputError(problem);
  if (named === undefined) throw new InputError(unknownText(lines, formatOption));
  return named;
}

function holdsFirstLine(head: Buffer): boolean {
  if (head.length >= HEAD_BYTES) return true;
  const end = head.lastIndexOf(LINE_FEED);
  return end >= 0 && head.subarray(0, end).toString().trim() !== '';
}

/** @throws {InputError} if it can't be read within the limits */
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
        : 'this is a compressed Parquet file: store it uncompressed, since its columns are compressed already',
    );
  }
  if (format === 'parquet') {
    // Imported on demand, like the next one: few users need either.
    const { readParquet } = await import('./formats/parquet.ts');
    return { format, unit: 'row', entries: readParquet({ chunks, path, random }, { from, limits }) };
  }
  const { readConnectionsTable } = await import('./formats/legacy-sqlite.ts');
  return { format, unit: 'row', entries: readConnectionsTable(chunks, path) };
}
