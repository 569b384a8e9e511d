import { canonicalAddress } from '../../../records/address.ts';
import { type AddressRange, blockAround, rangeOfBlock } from '../address-range.ts';
import { PUBLIC_RESOLVERS } from './public-resolvers.ts';
import { type NeverListed, specialBlocks } from './special-blocks.ts';

/** A range of a list, split into the parts taken and those left out. */
export interface PartedRange {
  readonly taken: readonly AddressRange[];
  /** Why parts are left out, each reason once, in the order of the addresses. */
  readonly why: readonly NeverListed[];
}

interface Excluded extends AddressRange {
  /** Undefined if it may be listed after all. */
  readonly why: NeverListed | undefined;
}

/**
 * Addresses that no list may name: those that are not reachable over the internet, the site's own networks, and
 * well-known public resolvers.
 */
export class NeverListedAddresses {
  /** Disjoint, in ascending order. */
  readonly #excluded: Readonly<Record<4 | 6, readonly Excluded[]>>;

  /**
   * @param homeNetworks valid CIDR blocks of the site's own public addresses
   * @param mayNameResolvers whether the list names owners of addresses, or harmless addresses
   */
  constructor(homeNetworks: readonly string[] = [], mayNameResolvers = false) {
    const resolvers = mayNameResolvers ? [] : Object.values(PUBLIC_RESOLVERS).flat();
    const blocks: Excluded[] = [
      ...specialBlocks().map(([block, why]) => ({ ...rangeOfBlock(block), why })),
      ...homeNetworks.map((block) => ({ ...homeBlock(block), why: 'home' as const })),
      ...resolvers.map((address) => ({ ...rangeOfResolver(address), why: 'resolver' as const })),
    ];
    this.#excluded = { 4: disjoint(blocks, 4), 6: disjoint(blocks, 6) };
  }

  /** Splits a range of a list. */
  part(range: AddressRange): PartedRange {
    const excluded = this.#excluded[range.family];
    const taken: AddressRange[] = [];
    const why: NeverListed[] = [];
    let from = range.first;
    for (let n = firstEndingFrom(excluded, range.first); n < excluded.length; n++) {
      const block = excluded[n];
      if (block === undefined || block.first > range.last) break;
      if (block.why === undefined) continue;
      if (block.first > from) taken.push({ family: range.family, first: from, last: block.first - 1n });
      if (!why.includes(block.why)) why.push(block.why);
      from = block.last + 1n;
    }
    if (from <= range.last) taken.push({ family: range.family, first: from, last: range.last });
    return { taken, why };
  }
}

function homeBlock(block: string): AddressRange {
  const [network = '', prefix] = block.split('/');
  return blockAround(canonicalAddress(network) ?? network, Number(prefix));
}

function rangeOfResolver(address: string): AddressRange {
  return blockAround(address, address.includes(':') ? 128 : 32);
}

/** Removes from each block the addresses that an earlier one holds. */
function disjoint(blocks: readonly Excluded[], family: 4 | 6): Excluded[] {
  const found: Excluded[] = [];
  for (const block of blocks) {
    if (block.family !== family) continue;
    let rest = [block];
    for (const earlier of found) rest = rest.flatMap((part) => without(part, earlier));
    found.push(...rest);
  }
  return found.sort((a, b) => (a.first < b.first ? -1 : 1));
}

function without(range: Excluded, other: AddressRange): Excluded[] {
  if (other.last < range.first || other.first > range.last) return [range];
  return [
    ...(range.first < other.first ? [{ ...range, last: other.first - 1n }] : []),
    ...(range.last > other.last ? [{ ...range, first: other.last + 1n }] : []),
  ];
}

/** Index of the first of ascending blocks that does not end before a position. */
function firstEndingFrom(blocks: readonly AddressRange[], position: bigint): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.last ?? 0n) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
