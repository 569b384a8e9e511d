import type { AddressRange } from '../../../intelligence/lists/address-range.ts';
import type { LeftOutKind } from '../../../intelligence/lists/reading/list-entry.ts';
import type { ListOptions } from '../../../intelligence/lists/reading/list-line.ts';
import type { LeftOutEntry } from '../../results/lists.ts';
import { readList } from './list-texts.ts';

export interface ReadListFile {
  /** May overlap. */
  readonly ranges: readonly AddressRange[];
  /** Entries not taken, with the reason. */
  readonly leftOut: readonly LeftOutEntry[];
  readonly leftOutCounts: Readonly<Partial<Record<LeftOutKind, number>>>;
  /** The list is over the limit; the rest was not read. */
  readonly isTooLarge: boolean;
}

/**
 * Lists are held in memory by every execution environment: a million ranges take 10 MB for IPv4, and 34 MB for IPv6.
 */
export const MOST_ENTRIES = 1_000_000;
const ENTRIES_BETWEEN_UPDATES = 5_000;

/** Reads a list entry by entry. */
export async function readListFile(
  chunks: AsyncIterable<Buffer | string>,
  options: ListOptions,
  onProgress: (entries: number) => void,
  mostEntries = MOST_ENTRIES,
): Promise<ReadListFile> {
  const ranges: AddressRange[] = [];
  const leftOut: LeftOutEntry[] = [];
  const leftOutCounts: Partial<Record<LeftOutKind, number>> = {};
  let entries = 0;
  let isTooLarge = false;
  for await (const { unit, position, read } of readList(chunks, options)) {
    if (++entries % ENTRIES_BETWEEN_UPDATES === 0) onProgress(entries);
    for (const range of read.taken) ranges.push(range);
    for (const { kind, reason } of read.leftOut) {
      leftOut.push({ unit, position, kind, reason });
      leftOutCounts[kind] = (leftOutCounts[kind] ?? 0) + 1;
    }
    isTooLarge = ranges.length > mostEntries;
    if (isTooLarge) break;
  }
  return { ranges: isTooLarge ? [] : ranges, leftOut, leftOutCounts, isTooLarge };
}
