import { randomBytes } from 'node:crypto';
import { type AddressRange, sizeOf } from '../../../intelligence/lists/address-range.ts';
import { joinRanges } from '../../../intelligence/lists/join-ranges.ts';
import { isNeutral, type ListTraits } from '../../../intelligence/lists/list-traits.ts';
import { dayOf } from '../../../intelligence/lists/listed-range.ts';
import { packRanges } from '../../../intelligence/lists/packed-ranges.ts';
import { NeverListedAddresses } from '../../../intelligence/lists/reading/never-listed.ts';
import type { StoredList } from '../../../intelligence/lists/stored-list.ts';
import { grouped } from '../../../statistics/count-text.ts';
import { replaceList } from '../../../store/list-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';
import type { ImportFigures, LeftOutEntry } from '../../results/lists.ts';
import type { Input } from '../input/open-input.ts';
import type { Progress } from '../progress.ts';
import { listInUse } from './lists-in-use.ts';
import { MOST_ENTRIES, readListFile } from './read-list-file.ts';

export interface ImportOptions {
  readonly traits: ListTraits;
  /** Days until the list expires. */
  readonly expiresInDays: number;
  /** Replaces the list even if the new one is empty. */
  readonly allowEmpty: boolean;
}

export interface ImportResult {
  readonly figures: ImportFigures;
  readonly leftOut: readonly LeftOutEntry[];
}

const DAY_MS = 86_400_000;

/**
 * Imports a list into the table, replacing its previous content. All entries count as listed today.
 *
 * @param homeNetworks the site's own networks, whose addresses are never taken from a list
 * @throws {CliError} if it holds no addresses, or too many
 */
export async function importList(
  table: TableAccess,
  input: Input,
  homeNetworks: readonly string[],
  { traits, expiresInDays, allowEmpty }: ImportOptions,
  progress: Progress,
): Promise<ImportResult> {
  progress.step('reading');
  const neverListed = new NeverListedAddresses(homeNetworks, isNeutral(traits.kind));
  const read = await readListFile(input.chunks, { neverListed }, (entries) => progress.update(entries));
  if (read.isTooLarge) {
    throw new CliError(
      `${input.name} holds more than ${grouped(MOST_ENTRIES)} addresses and ranges, the limit for a list`,
    );
  }
  const { ranges, leftOut, leftOutCounts } = read;
  if (ranges.length === 0 && !allowEmpty) throw emptyList(input.name, leftOut);
  const nowMs = Date.now();
  const lastListedDay = dayOf(nowMs);
  const joined = joinRanges(
    ranges.map(({ family, first, last }) => ({ family, first, last, lastListedDay })),
  );
  const chunks = packRanges(joined);
  progress.step('storing', chunks.length);
  const list: StoredList = {
    ...traits,
    version: `${nowMs.toString(36)}${randomBytes(4).toString('hex')}`,
    ranges: joined.length,
    addresses: addressesIn(joined),
    chunks: chunks.length,
    leftOut: leftOutCounts,
    listedAtMs: nowMs,
    expiresAtMs: nowMs + expiresInDays * DAY_MS,
  };
  const replaced = await replaceList(table, list, chunks, (done) => progress.update(done));
  return { figures: { ...listInUse(list), replaced: replaced?.addresses ?? 0 }, leftOut };
}

function emptyList(name: string, [first]: readonly LeftOutEntry[]): CliError {
  const why = first === undefined ? '' : ` (${first.unit} ${first.position}: ${first.reason})`;
  return new CliError(
    `${name} holds no usable addresses${why}; use --allow-empty to replace the list anyway`,
  );
}

/** Above 2^53, which a few IPv6 ranges exceed, the number of addresses is not exact. */
function addressesIn(ranges: readonly AddressRange[]): number {
  let addresses = 0n;
  for (const range of ranges) addresses += sizeOf(range);
  return Number(addresses < BigInt(Number.MAX_SAFE_INTEGER) ? addresses : BigInt(Number.MAX_SAFE_INTEGER));
}
