import { type FileHandle, open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  snappyUncompress,
} from 'hyparquet';
import { parseRecord, parseSensed } from '../../records/connection-record.ts';
import type { Fields } from '../../records/sensors/sensed.ts';
import { isUnusedColumn, isVpcEntry, vpcColumn, vpcObjectFields } from '../../records/sensors/vpc-fields.ts';
import { InputError } from '../input-error.ts';
import type { LogEntry } from '../log-entry.ts';
import type { LogPlace } from '../log-place.ts';
import type { RandomAccess, ReadLimits } from '../read-limits.ts';
import { type FileSource, fromFile } from '../temporary-copy.ts';
import { parsedEntry } from './sensed-entry.ts';

const ROWS_AT_ONCE = 1_000;
/**
 * Decompressed cells take far more memory than compressed ones, so a column chunk is decompressed again for each batch
 * of rows.
 */
const ROWS_IN_MEMORY = 100_000;

/**
 * Reads the rows of a Parquet file: AWS flow logs in S3, or records and sensors' entries with one column a field.
 * Memory holds one compressed column chunk and the cells of 100,000 rows at a time.
 *
 * @throws {InputError} if it is damaged, has none of a connection's columns, or exceeds the limits
 * @throws {FileError} if a temporary copy can't be written
 */
export function readParquet(
  source: ParquetSource,
  options: ParquetOptions = {},
): AsyncGenerator<readonly LogEntry[]> {
  const { random } = source;
  if (random !== undefined) return explained(rowsOf(random, options));
  return fromFile(source, (path) => readFile(path, options));
}

interface ParquetSource extends FileSource {
  readonly random?: RandomAccess | undefined;
}

interface ParquetOptions {
  readonly from?: LogPlace | undefined;
  readonly limits?: ReadLimits | undefined;
}

async function* readFile(path: string, options: ParquetOptions): AsyncGenerator<readonly LogEntry[]> {
  const handle = await open(path);
  try {
    yield* explained(rowsOf({ byteLength: (await handle.stat()).size, slice: sliceOf(handle) }, options));
  } finally {
    await handle.close();
  }
}

function sliceOf(handle: FileHandle): AsyncBuffer['slice'] {
  return async (start, end = Number.POSITIVE_INFINITY) => {
    const length = Math.max(0, Math.min(end, (await handle.stat()).size) - start);
    const bytes = new Uint8Array(length);
    for (let read = 0; read < length; ) {
      const { bytesRead } = await handle.read(bytes, read, length - read, start + read);
      if (bytesRead === 0) throw new RangeError('the file ends within a column');
      read += bytesRead;
    }
    return bytes.buffer;
  };
}

async function* rowsOf(
  file: AsyncBuffer,
  { from, limits }: ParquetOptions,
): AsyncGenerator<readonly LogEntry[]> {
  const metadata = await parquetMetadataAsync(file, { parsers: PARSERS });
  const columns = usedColumns(metadata);
  if (limits !== undefined) refuseLarge(metadata, columns, limits);
  const { ranges, readColumn } = await parquetScan({
    file,
    metadata,
    columns,
    compressors: compressorsFor(limits?.columnBytes),
    parsers: PARSERS,
  });
  const firstRow = from?.position ?? 0;
  for (const { rowStart, rowEnd } of ranges) {
    for (let start = Math.max(rowStart, firstRow); start < rowEnd; start += ROWS_IN_MEMORY) {
      const end = Math.min(rowEnd, start + ROWS_IN_MEMORY);
      const data: (readonly [name: string, cells: ArrayLike<unknown>])[] = [];
      for (const column of columns) {
        data.push([column, await readColumn({ column, rowStart: start, rowEnd: end })]);
      }
      for (let first = start; first < end; first += ROWS_AT_ONCE) {
        const last = Math.min(end, first + ROWS_AT_ONCE);
        const entries: LogEntry[] = [];
        for (let row = first; row < last; row++) entries.push(entryOf(rowAt(data, row - start), row + 1));
        yield entries;
      }
    }
  }
}

/** Column names for the two sides, which show that rows may be connections. */
const SIDES = /^(?:src_?ip|dest_ip|dst_?ip|id|id[._]orig_h|source|(?:pkt_)?srcaddr)$/;

/** @throws {InputError} if none of the columns belongs to a connection */
function usedColumns(metadata: FileMetaData): string[] {
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  if (names.includes('src_endpoint') && names.includes('class_uid')) {
    throw new InputError(
      'this is a Parquet file of Security Lake (OCSF), which is not supported; read the flow logs that it was made ' +
        'from',
    );
  }
  if (!names.some((name) => SIDES.test(vpcColumn(name)))) {
    const shown = names.slice(0, 5).join(', ');
    throw new InputError(
      `this is a Parquet file without connections (its columns are ${shown}${names.length > 5 ? ', ...' : ''}): expected those of a flow log or of records`,
    );
  }
  const isFlowLog = isVpcEntry(Object.fromEntries(names.map((name) => [vpcColumn(name), true])));
  return isFlowLog ? names.filter((name) => !isUnusedColumn(vpcColumn(name))) : names;
}

/** @throws {InputError} if a column does not fit into memory */
function refuseLarge(
  { row_groups }: FileMetaData,
  columns: readonly string[],
  { columnBytes }: ReadLimits,
): void {
  for (const { meta_data } of row_groups.flatMap((group) => group.columns)) {
    const [name = ''] = meta_data?.path_in_schema ?? [];
    const bytes = Number(meta_data?.total_compressed_size ?? 0);
    if (!columns.includes(name) || bytes <= columnBytes) continue;
    throw new InputError(
      `the column ${name} has ${bytes} bytes in one row group: write row groups with columns of at most ${columnBytes} bytes`,
    );
  }
}

function rowAt(data: readonly (readonly [string, ArrayLike<unknown>])[], row: number): Fields {
  const fields: Fields = {};
  for (const [name, cells] of data) {
    const value = plainValue(cells[row]);
    if (value !== undefined) Object.defineProperty(fields, name, { value, ...PLAIN });
  }
  return fields;
}

/** A column may be called `__proto__`. */
const PLAIN = { enumerable: true, configurable: true, writable: true };

function entryOf(row: Fields, position: number): LogEntry {
  const parsed = isFlow(row) ? parseSensed(vpcObjectFields(row)) : parseRecord(row);
  // Few rows are invalid; the others need no text.
  const text = parsed.ok || parsed.skipped !== undefined ? '' : JSON.stringify(row);
  return parsedEntry({ text, position }, parsed);
}

/** An idle interval has no addresses; only the flow log's other columns identify it. */
function isFlow(row: Fields): boolean {
  return isVpcEntry(row) || 'log_status' in row || 'log-status' in row || 'interface_id' in row;
}

/** Values that JSON cannot hold become text: integers beyond a double's precision, and bytes. */
function plainValue(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value !== 'object') return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
}

/** Times as epoch seconds. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (milliseconds) => Number(milliseconds) / 1e3,
  timestampFromMicroseconds: (microseconds) => Number(microseconds) / 1e6,
  timestampFromNanoseconds: (nanoseconds) => Number(nanoseconds) / 1e9,
};

/**
 * A page's header states its size, and may lie.
 *
 * @param mostBytes limit for a page; without one, whatever its header says
 */
function compressorsFor(mostBytes = Number.POSITIVE_INFINITY): Compressors {
  const bounded = (length: number) => {
    if (length > mostBytes) throw new InputError(`a page of this Parquet file has ${length} bytes`);
    return { maxOutputLength: Math.max(1, length) };
  };
  return {
    GZIP: (input, length) => gunzipSync(input, bounded(length)),
    ZSTD: (input, length) => zstdDecompressSync(input, bounded(length)),
    BROTLI: (input, length) => brotliDecompressSync(input, bounded(length)),
    SNAPPY: (input, length) => {
      bounded(length);
      const page = new Uint8Array(length);
      snappyUncompress(input, page);
      return page;
    },
  };
}

/** @throws {InputError} instead of the library's errors for damaged data */
async function* explained<Element>(rows: AsyncIterable<Element>): AsyncGenerator<Element> {
  try {
    yield* rows;
  } catch (cause) {
    if (cause instanceof InputError || (cause as NodeJS.ErrnoException).syscall !== undefined) throw cause;
    throw new InputError(`the Parquet file is damaged or truncated: ${oneLine(cause)}`, { cause });
  }
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, ' ');
}
