import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../records/address.ts';
import { contentHash } from '../../records/content-hash.ts';
import { ADDRESS_BITS } from '../lists/address-range.ts';
import type { AllowTarget } from './allow-entry.ts';

/** Blocks of this size or larger are most likely a mistake. */
const BROAD_PREFIX = { 4: 8, 6: 19 } as const;
const ID_LENGTH = 8;

/**
 * Reads an address or a CIDR block.
 *
 * @returns the block in canonical form, with host bits cleared; undefined if the text is neither
 */
export function parseNetwork(text: string): string | undefined {
  const [addressText = '', prefixText, ...rest] = text.trim().split('/');
  const address = canonicalAddress(addressText);
  if (address === undefined || rest.length > 0) return undefined;
  const bits = ADDRESS_BITS[familyOf(address)];
  if (prefixText === undefined) return `${address}/${bits}`;
  if (!/^\d{1,3}$/.test(prefixText) || Number(prefixText) > bits) return undefined;
  const network = ipaddr.parse(address).kind() === 'ipv6' ? ipaddr.IPv6 : ipaddr.IPv4;
  const first = network.networkAddressFromCIDR(`${address}/${Number(prefixText)}`).toString();
  return `${canonicalAddress(first) ?? first}/${Number(prefixText)}`;
}

/** Whether a block is so large that it has to be confirmed: /8 and larger for IPv4, /19 and larger for IPv6. */
export function isBroad(network: string): boolean {
  const [address = '', prefix = ''] = network.split('/');
  return Number(prefix) <= BROAD_PREFIX[familyOf(address)];
}

/** The id of the entry that covers a target. */
export function allowEntryId({ network, port, direction }: AllowTarget): string {
  return contentHash(JSON.stringify([network, port ?? null, direction ?? null]))
    .replaceAll(/[-_]/g, 'x')
    .slice(0, ID_LENGTH);
}

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}
