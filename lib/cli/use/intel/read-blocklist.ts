import type { ListedRange } from '../../../intelligence/lists/merge-ranges.ts';
import type { LeftOutKind } from '../../../intelligence/lists/reading/list-entry.ts';
import type { ListOptions } from '../../../intelligence/lists/reading/list-line.ts';
import type { LeftOutEntry } from '../../results/blocklists.ts';
import { readList } from './list-texts.ts';

export interface ReadBlocklist {
  /** May overlap. */
  readonly listed: readonly ListedRange[];
  /** Highest number of lists that an entry gives. */
  readonly mostLists: number;
  /** What is not taken, with why. */
  readonly leftOut: readonly LeftOutEntry[];
  readonly leftOutCounts: Readonly<Partial<Record<LeftOutKind, number>>>;
  /** The set would be larger than may be; the rest was not read. */
  readonly isTooLarge: boolean;
}

/**
 * A set is in the memory of every execution environment: a million IPv4 addresses take 5 MB there, a million ranges of
 * them 9 MB.
 */
export const MOST_ENTRIES = 1_000_000;
const ENTRIES_BETWEEN_UPDATES = 5_000;

/** Reads a blocklist entry by entry. */
export async function readBlocklist(
  chunks: AsyncIterable<Buffer | string>,
  options: ListOptions,
  onProgress: (entries: number) => void,
  mostEntries = MOST_ENTRIES,
): Promise<ReadBlocklist> {
  const listed: ListedRange[] = [];
  const leftOut: LeftOutEntry[] = [];
  const leftOutCounts: Partial<Record<LeftOutKind, number>> = {};
  let mostLists = 1;
  let entries = 0;
  let isTooLarge = false;
  for await (const { unit, position, read } of readList(chunks, options)) {
    if (++entries % ENTRIES_BETWEEN_UPDATES === 0) onProgress(entries);
    for (const range of read.taken) {
      mostLists = Math.max(mostLists, range.lists);
      listed.push(range);
    }
    for (const { kind, reason } of read.leftOut) {
      leftOut.push({ unit, position, kind, reason });
      leftOutCounts[kind] = (leftOutCounts[kind] ?? 0) + 1;
    }
    isTooLarge = listed.length > mostEntries;
    if (isTooLarge) break;
  }
  return { listed: isTooLarge ? [] : listed, mostLists, leftOut, leftOutCounts, isTooLarge };
}
