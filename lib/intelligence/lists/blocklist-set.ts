import ipaddr from 'ipaddr.js';
import { addressBytes } from './address-range.ts';
import type { ListedRange } from './merge-ranges.ts';

/**
 * A part of a set as it is stored: disjoint addresses or ranges of one family in ascending order. An address is
 * followed by the number of lists that name it, a range by its last address and that number.
 */
export interface PackedAddresses {
  readonly family: 4 | 6;
  readonly form: 'addresses' | 'ranges';
  readonly bytes: Uint8Array;
}

/** Items of the table hold 400 KB. */
const MAX_CHUNK_BYTES = 300_000;
const ADDRESS_BYTES = { 4: 4, 6: 16 } as const;

/** Bytes of one address or range with its number of lists: five for an IPv4 address, nine for a range of them. */
function recordBytes({ family, form }: Omit<PackedAddresses, 'bytes'>): number {
  return ADDRESS_BYTES[family] * (form === 'addresses' ? 1 : 2) + 1;
}

/**
 * Packs a set. What it takes does not depend on how many addresses a range holds.
 *
 * @param listed disjoint ranges in ascending order
 */
export function packRanges(listed: readonly ListedRange[]): PackedAddresses[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = listed.filter((range) => range.family === family);
    return [
      ...chunksOf({ family, form: 'addresses' }, own.filter(isAddress)),
      ...chunksOf(
        { family, form: 'ranges' },
        own.filter((range) => !isAddress(range)),
      ),
    ];
  });
}

function isAddress({ first, last }: ListedRange): boolean {
  return first === last;
}

function chunksOf(kind: Omit<PackedAddresses, 'bytes'>, listed: readonly ListedRange[]): PackedAddresses[] {
  const perChunk = Math.floor(MAX_CHUNK_BYTES / recordBytes(kind));
  const chunks: PackedAddresses[] = [];
  for (let start = 0; start < listed.length; start += perChunk) {
    const packed = listed.slice(start, start + perChunk).flatMap(({ first, last, lists }) => {
      const ends = kind.form === 'addresses' ? [first] : [first, last];
      return [...ends.map((end) => addressBytes(kind.family, end)), Buffer.of(lists)];
    });
    chunks.push({ ...kind, bytes: Buffer.concat(packed) });
  }
  return chunks;
}

/** How many addresses and ranges packed parts hold. */
export function countRecords(chunks: readonly PackedAddresses[]): { addresses: number; ranges: number } {
  const counts = { addresses: 0, ranges: 0 };
  for (const chunk of chunks) counts[chunk.form] += chunk.bytes.length / recordBytes(chunk);
  return counts;
}

/** A set in the form in which it is searched; it takes no more memory than it takes room in the table. */
export class PackedSet {
  readonly #chunks: readonly PackedAddresses[];

  constructor(chunks: readonly PackedAddresses[]) {
    this.#chunks = chunks;
  }

  /**
   * How many lists of the set name an address; 0 where none does.
   *
   * @param address in canonical form
   */
  listsOf(address: string): number {
    const wanted = Buffer.from(ipaddr.parse(address).toByteArray());
    for (const chunk of this.#chunks) {
      if (ADDRESS_BYTES[chunk.family] !== wanted.length) continue;
      const lists = search(chunk, wanted);
      if (lists > 0) return lists;
    }
    return 0;
  }
}

/** Looks, by binary search, for the last record that does not begin after an address, and whether it holds that. */
function search(chunk: PackedAddresses, wanted: Buffer): number {
  const { bytes } = chunk;
  const size = recordBytes(chunk);
  let low = 0;
  let high = bytes.length / size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(bytes, middle * size, wanted) <= 0) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const end = low * size - 1;
  return compareAt(bytes, end - wanted.length, wanted) >= 0 ? (bytes[end] ?? 0) : 0;
}

function compareAt(bytes: Uint8Array, start: number, wanted: Buffer): number {
  return Buffer.compare(bytes.subarray(start, start + wanted.length), wanted);
}
