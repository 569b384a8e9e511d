import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseBlocklistLine } from '../../../intelligence/lists/blocklist-entries.ts';
import type { ListedAddress } from '../../../intelligence/lists/blocklist-set.ts';
import type { SkippedLine } from '../../results/blocklists.ts';

export interface ReadBlocklist {
  readonly listed: readonly ListedAddress[];
  /** Highest number of lists that a line gives. */
  readonly mostLists: number;
  /** Lines that are no address and no block that is taken, with why. */
  readonly skipped: readonly SkippedLine[];
  /** The set would be larger than may be; the rest was not read. */
  readonly isTooLarge: boolean;
}

/** A set is in the memory of every execution environment: a million IPv4 addresses take 5 MB there. */
export const MOST_ADDRESSES = 1_000_000;
const LINES_BETWEEN_UPDATES = 5_000;

/** Reads a blocklist line by line. An address that stands there several times counts as often as it does at most. */
export async function readBlocklist(
  chunks: AsyncIterable<Buffer | string>,
  onProgress: (lines: number) => void,
): Promise<ReadBlocklist> {
  const lists = new Map<string, number>();
  const skipped: SkippedLine[] = [];
  let mostLists = 1;
  let line = 0;
  const input = createInterface({ input: Readable.from(chunks), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const text of input) {
    line++;
    if (line % LINES_BETWEEN_UPDATES === 0) onProgress(line);
    const parsed = parseBlocklistLine(text);
    if (parsed === undefined) continue;
    if (!parsed.ok) {
      skipped.push({ line, reason: parsed.reason });
      continue;
    }
    mostLists = Math.max(mostLists, parsed.lists);
    for (const address of parsed.addresses) {
      lists.set(address, Math.max(parsed.lists, lists.get(address) ?? 0));
    }
    if (lists.size > MOST_ADDRESSES) return { listed: [], mostLists, skipped, isTooLarge: true };
  }
  const listed = [...lists].map(([address, count]) => ({ address, lists: count }));
  return { listed, mostLists, skipped, isTooLarge: false };
}
