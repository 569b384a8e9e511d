import { rangeOfAddress } from '../../lib/intelligence/lists/address-range.ts';
import { type PackedAddresses, packRanges } from '../../lib/intelligence/lists/blocklist-set.ts';
import { mergeRanges } from '../../lib/intelligence/lists/merge-ranges.ts';

/** Addresses in canonical form, packed as an import packs them, each with how many lists name it. */
export function packedAddresses(addresses: readonly string[], lists = 1): PackedAddresses[] {
  return packRanges(mergeRanges(addresses.map((address) => ({ ...rangeOfAddress(address), lists }))));
}
