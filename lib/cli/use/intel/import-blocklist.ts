import { sizeOf } from '../../../intelligence/lists/address-range.ts';
import { countRecords, packRanges } from '../../../intelligence/lists/blocklist-set.ts';
import { type ListedRange, MOST_LISTS, mergeRanges } from '../../../intelligence/lists/merge-ranges.ts';
import { NeverListedAddresses } from '../../../intelligence/lists/reading/never-listed.ts';
import { grouped } from '../../../statistics/count-text.ts';
import { replaceBlocklist } from '../../../store/blocklist-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';
import type { ImportFigures, LeftOutEntry } from '../../results/blocklists.ts';
import type { Input } from '../input/open-input.ts';
import type { Progress } from '../progress.ts';
import { MOST_ENTRIES, readBlocklist } from './read-blocklist.ts';

export interface ImportOptions {
  readonly source: string;
  /** Days. */
  readonly ttl: number;
  /** Of how many lists the blocklist was made. */
  readonly lists?: number;
  /** The column or field that says how many lists name an address. */
  readonly countColumn?: string;
  /** Replaces the set also where the list has become empty. */
  readonly allowEmpty?: true;
}

export interface ImportResult {
  readonly figures: ImportFigures;
  readonly leftOut: readonly LeftOutEntry[];
}

const DAY_MS = 86_400_000;

/**
 * Loads a blocklist into the table, in place of what its source had before.
 *
 * @param homeNetworks whose addresses no list is believed about
 * @throws {CliError} where it holds no addresses, or too many
 */
export async function importBlocklist(
  table: TableAccess,
  input: Input,
  homeNetworks: readonly string[],
  options: ImportOptions,
  progress: Progress,
): Promise<ImportResult> {
  progress.step('reading');
  const { source, countColumn, ttl } = options;
  const neverListed = new NeverListedAddresses(homeNetworks);
  const read = await readBlocklist(input.chunks, { neverListed, countColumn }, (entries) =>
    progress.update(entries),
  );
  if (read.isTooLarge) {
    throw new CliError(
      `${input.name} holds more than ${grouped(MOST_ENTRIES)} addresses and ranges, the most that a set may`,
    );
  }
  const { listed, mostLists, leftOut, leftOutCounts } = read;
  if (listed.length === 0 && !options.allowEmpty) throw emptyList(input.name, leftOut);
  const merged = mergeRanges(listed);
  const chunks = packRanges(merged);
  progress.step('storing', chunks.length);
  const nowMs = Date.now();
  const entry = {
    source,
    version: nowMs.toString(36),
    lists: Math.min(MOST_LISTS, Math.max(options.lists ?? 1, mostLists)),
    addresses: addressesIn(merged),
    ranges: countRecords(chunks).ranges,
    chunks: chunks.length,
    importedAtMs: nowMs,
    expiresAtMs: nowMs + ttl * DAY_MS,
  };
  const replaced = await replaceBlocklist(table, entry, chunks, (done) => progress.update(done));
  const figures = {
    source,
    addresses: entry.addresses,
    ranges: entry.ranges,
    lists: entry.lists,
    left_out: leftOutCounts,
    replaced: replaced?.addresses ?? 0,
    expires_at: new Date(entry.expiresAtMs).toISOString(),
  };
  return { figures, leftOut };
}

function emptyList(name: string, [first]: readonly LeftOutEntry[]): CliError {
  const why = first === undefined ? '' : ` (${first.unit} ${first.position}: ${first.reason})`;
  return new CliError(
    `${name} holds no addresses that can be taken${why}; --allow-empty replaces the source's set all the same`,
  );
}

/** Beyond 2^53, which a few ranges of IPv6 exceed, a number of addresses is not exact. */
function addressesIn(merged: readonly ListedRange[]): number {
  let addresses = 0n;
  for (const range of merged) addresses += sizeOf(range);
  return Number(addresses < BigInt(Number.MAX_SAFE_INTEGER) ? addresses : BigInt(Number.MAX_SAFE_INTEGER));
}
