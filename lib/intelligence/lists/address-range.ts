import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../records/address.ts';

/** Consecutive addresses of one family, both ends included; a single address is a range of one. */
export interface AddressRange {
  readonly family: 4 | 6;
  /** Addresses as numbers: 32 bits for IPv4, 128 for IPv6. */
  readonly first: bigint;
  readonly last: bigint;
}

export const ADDRESS_BITS = { 4: 32, 6: 128 } as const;

/** @param address in canonical form */
export function rangeOfAddress(address: string): AddressRange {
  const family = address.includes(':') ? 6 : 4;
  const position = family === 4 ? numberOfIPv4(address) : numberOfIPv6(address);
  return { family, first: position, last: position };
}

function numberOfIPv4(address: string): bigint {
  let value = 0;
  for (const octet of address.split('.')) value = value * 256 + Number(octet);
  return BigInt(value);
}

function numberOfIPv6(address: string): bigint {
  return BigInt(`0x${Buffer.from(ipaddr.parse(address).toByteArray()).toString('hex')}`);
}

/**
 * The block that contains an address.
 *
 * @param address in canonical form
 * @param prefix number of common leading bits: 0-32 for IPv4, 0-128 for IPv6
 */
export function blockAround(address: string, prefix: number): AddressRange {
  const { family, first: position } = rangeOfAddress(address);
  const size = 1n << BigInt(ADDRESS_BITS[family] - prefix);
  const first = position - (position % size);
  return { family, first, last: first + size - 1n };
}

/** @param block in canonical form: `192.0.2.0/24` */
export function rangeOfBlock(block: string): AddressRange {
  const [network = '', prefix = ''] = block.split('/');
  return blockAround(network, Number(prefix));
}

export function sizeOf({ first, last }: AddressRange): bigint {
  return last - first + 1n;
}

/** The bytes of an address, most significant first: 4 or 16. */
export function addressBytes(family: 4 | 6, position: bigint): Buffer {
  const digits = ADDRESS_BITS[family] / 4;
  return Buffer.from(position.toString(16).padStart(digits, '0'), 'hex');
}

/** @returns `192.0.2.1`, or `192.0.2.1-192.0.2.9` */
export function rangeText({ family, first, last }: AddressRange): string {
  const ends = first === last ? [first] : [first, last];
  return ends.map((end) => addressText(family, end)).join('-');
}

function addressText(family: 4 | 6, position: bigint): string {
  const text = ipaddr.fromByteArray([...addressBytes(family, position)]).toString();
  return canonicalAddress(text) ?? text;
}
