import { decompress, MAGIC_BYTES } from './decompress.ts';
import { eveEntry, jsonEntry, zeekJsonEntry } from './formats/json-entries.ts';
import { type PositionUnit, readJsonRecords } from './formats/json-records.ts';
import { vpcFlowReader } from './formats/vpc-flow.ts';
import { type ReadLine, zeekTsvReader } from './formats/zeek-tsv.ts';
import type { LogEntry } from './log-entry.ts';
import { detectFormat, type LogFormat } from './log-format.ts';
import { peek } from './peek.ts';
import { type RecordText, textLines } from './text-lines.ts';

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
 * @throws {InputError} where it cannot be read as what it is
 */
export async function readLog({ chunks, path }: LogSource, format?: LogFormat): Promise<Log> {
  const asItLies = await peek(chunks, (head) => head.length >= MAGIC_BYTES);
  const decompressed = decompress(asItLies.chunks, asItLies.head);
  const unpacked = await peek(decompressed, holdsFirstLine);
  const plainPath = decompressed === asItLies.chunks ? path : undefined;
  return await readAs(format ?? detectFormat(unpacked.head), unpacked.chunks, plainPath);
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
): Promise<Log> {
  switch (format) {
    case 'json':
      return await jsonLog(format, chunks, jsonEntry);
    case 'zeek-json':
      return await jsonLog(format, chunks, zeekJsonEntry);
    case 'eve':
      return await jsonLog(format, chunks, eveEntry);
    case 'zeek-tsv':
      return { format, unit: 'line', entries: entriesOf(textLines(chunks), zeekTsvReader()) };
    case 'vpc-flow':
      return { format, unit: 'line', entries: entriesOf(textLines(chunks), vpcFlowReader()) };
    case 'sqlite': {
      // Loaded here, since hardly anyone needs it.
      const { readConnectionsTable } = await import('./formats/legacy-sqlite.ts');
      return { format, unit: 'row', entries: readConnectionsTable(chunks, path) };
    }
  }
}

async function jsonLog(
  format: LogFormat,
  chunks: AsyncIterable<Buffer>,
  read: (entry: RecordText) => LogEntry,
): Promise<Log> {
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
      if (entry !== undefined) entries.push(entry);
    }
    yield entries;
  }
}
