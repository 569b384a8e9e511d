import {
  type Entries,
  eveAmongOthers,
  eveEntry,
  jsonEntry,
  zeekJsonAmongOthers,
  zeekJsonEntry,
} from './formats/json-entries.ts';
import { readJsonRecords, resumeJsonLines } from './formats/json-records.ts';
import type { ReadLine } from './formats/read-line.ts';
import { vpcFlowReader } from './formats/vpc-flow.ts';
import { zeekTsvReader } from './formats/zeek-tsv.ts';
import { LineStarts } from './line-starts.ts';
import type { Log } from './log.ts';
import type { LogEntry } from './log-entry.ts';
import type { TextFormat } from './log-format.ts';
import type { LogPlace } from './log-place.ts';
import type { ReadLimits } from './read-limits.ts';
import type { ResumePoint } from './resume-point.ts';
import { type RecordText, textLines } from './text-lines.ts';

interface TextOptions {
  readonly format: TextFormat;
  /** Whether the user named the format, so no other is looked for. */
  readonly isNamed: boolean;
  readonly limits?: ReadLimits | undefined;
}

/** Reads a text log from its beginning. */
export async function readTextLog(
  chunks: AsyncIterable<Buffer>,
  options: TextOptions & {
    /** Whether the bytes are the file's own, neither decompressed nor transcoded. */
    readonly isAsItLies: boolean;
    readonly from: LogPlace | undefined;
  },
): Promise<Log> {
  const { format, limits, isAsItLies, from } = options;
  const read = lineReader(options);
  const longest = limits?.textCharacters;
  if (isOfColumns(format)) {
    const starts = new LineStarts();
    const entries = entriesOf(textLines(starts.watch(chunks), longest), read, from);
    return { format, unit: 'line', entries, ...(isAsItLies && { resumeAt: resumePoints(starts, read) }) };
  }
  const { unit, records, starts } = await readJsonRecords(chunks, longest);
  const isResumable = isAsItLies && starts !== undefined;
  const resumeAt = isResumable ? { resumeAt: resumePoints(starts, read) } : {};
  return { format, unit, entries: entriesOf(records, read, from), ...resumeAt };
}

/**
 * Resumes reading a log at a place.
 *
 * @param chunks its bytes from {@link ResumePoint.byte} on
 */
export function resumeTextLog(
  chunks: AsyncIterable<Buffer>,
  options: TextOptions & { readonly from: LogPlace; readonly at: ResumePoint },
): Log {
  const { format, limits, from, at } = options;
  const read = lineReader(options);
  for (const text of at.context) read.passOver?.({ text, position: 0 });
  const starts = new LineStarts(from.position, at.byte);
  const lines = isOfColumns(format) ? textLines : resumeJsonLines;
  const records = lines(starts.watch(chunks), limits?.textCharacters, from.position - 1);
  return {
    format,
    unit: 'line',
    entries: entriesOf(records, read, from),
    resumeAt: resumePoints(starts, read),
  };
}

function isOfColumns(format: TextFormat): boolean {
  return format === 'zeek-tsv' || format === 'vpc-flow';
}

function lineReader({ format, isNamed }: TextOptions): ReadLine {
  switch (format) {
    case 'json':
      return jsonEntry;
    case 'zeek-json':
      return isNamed ? zeekJsonEntry : zeekJsonAmongOthers;
    case 'eve':
      return isNamed ? eveEntry : eveAmongOthers;
    case 'zeek-tsv':
      return zeekTsvReader();
    case 'vpc-flow':
      return vpcFlowReader();
  }
}

/** Headers are shorter; anything longer would not fit where progress is stored. */
const MOST_CONTEXT_CHARACTERS = 10_000;

function resumePoints(starts: LineStarts, read: ReadLine): NonNullable<Log['resumeAt']> {
  return (position) => {
    const byte = starts.byteOf(position);
    const context = read.contextAt === undefined ? [] : read.contextAt(position);
    if (byte === undefined || byte === 0 || context === undefined) return undefined;
    const characters = context.reduce((sum, { length }) => sum + length, 0);
    return characters <= MOST_CONTEXT_CHARACTERS ? { byte, context } : undefined;
  };
}

async function* entriesOf(
  batches: AsyncIterable<readonly RecordText[]>,
  read: ReadLine,
  from: LogPlace | undefined,
): AsyncGenerator<readonly LogEntry[]> {
  const start = from?.position ?? 0;
  // Entries to drop at the place itself: one text may hold several.
  let toDrop = from?.entries ?? 0;
  for await (const batch of batches) {
    const entries: LogEntry[] = [];
    for (const line of batch) {
      if (line.position < start) {
        read.passOver?.(line);
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
