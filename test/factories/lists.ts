import { rangeOfAddress } from '../../lib/intelligence/lists/address-range.ts';
import { joinRanges } from '../../lib/intelligence/lists/join-ranges.ts';
import { type PackedRanges, packRanges } from '../../lib/intelligence/lists/packed-ranges.ts';
import type { StoredList } from '../../lib/intelligence/lists/stored-list.ts';

/** Addresses in canonical form, packed as an import packs them. */
export function packedAddresses(addresses: readonly string[], lastListedDay = 20_000): PackedRanges[] {
  return packRanges(joinRanges(addresses.map((address) => ({ ...rangeOfAddress(address), lastListedDay }))));
}

/** A list of one chunk that never expires, unless said otherwise. */
export function storedList(source: string, overrides: Partial<StoredList> = {}): StoredList {
  return {
    source,
    kind: 'malicious',
    family: source,
    weight: 60,
    halfLifeDays: 7,
    version: 'a',
    ranges: 1,
    addresses: 1,
    chunks: 1,
    listedAtMs: 0,
    expiresAtMs: Number.POSITIVE_INFINITY,
    ...overrides,
  };
}
