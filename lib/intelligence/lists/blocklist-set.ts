import ipaddr from 'ipaddr.js';

/** An address of an offline set with the number of lists in the set that name it. */
export interface ListedAddress {
  /** In canonical form. */
  readonly address: string;
  /** 1-255; larger numbers say no more. */
  readonly lists: number;
}

/** A part of a set as it is stored: addresses of one family in ascending order, each followed by its lists. */
export interface PackedAddresses {
  readonly family: 4 | 6;
  readonly bytes: Uint8Array;
}

/** Items of the table hold 400 KB. */
const MAX_CHUNK_BYTES = 300_000;
const MOST_LISTS = 255;
const ADDRESS_BYTES = { 4: 4, 6: 16 } as const;

/** Packs a set: five bytes for each IPv4 address and seventeen for each IPv6 address. */
export function packAddresses(listed: readonly ListedAddress[]): PackedAddresses[] {
  const records: Record<4 | 6, Buffer[]> = { 4: [], 6: [] };
  for (const { address, lists } of listed) {
    const bytes = ipaddr.parse(address).toByteArray();
    records[bytes.length === 4 ? 4 : 6].push(Buffer.from([...bytes, Math.min(lists, MOST_LISTS)]));
  }
  return ([4, 6] as const).flatMap((family) => {
    const sorted = records[family].sort(Buffer.compare);
    const perChunk = Math.floor(MAX_CHUNK_BYTES / (ADDRESS_BYTES[family] + 1));
    const chunks: PackedAddresses[] = [];
    for (let start = 0; start < sorted.length; start += perChunk) {
      chunks.push({ family, bytes: Buffer.concat(sorted.slice(start, start + perChunk)) });
    }
    return chunks;
  });
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
    for (const { family, bytes } of this.#chunks) {
      if (ADDRESS_BYTES[family] !== wanted.length) continue;
      const lists = search(bytes, wanted);
      if (lists > 0) return lists;
    }
    return 0;
  }
}

/** Binary search over records of an address and one byte. */
function search(bytes: Uint8Array, wanted: Buffer): number {
  const size = wanted.length + 1;
  let low = 0;
  let high = bytes.length / size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = middle * size;
    const order = Buffer.compare(bytes.subarray(start, start + wanted.length), wanted);
    if (order === 0) return bytes[start + wanted.length] ?? 0;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return 0;
}
