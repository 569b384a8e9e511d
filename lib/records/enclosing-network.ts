import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from './address.ts';

/** Prefix lengths by address family. */
export interface PrefixLengths {
  readonly ipv4: number;
  readonly ipv6: number;
}

/**
 * The network of an address: `147.32.81.0/24` for 147.32.81.167 and 24.
 *
 * @param address in canonical form
 */
export function enclosingNetwork(address: string, { ipv4, ipv6 }: PrefixLengths): string {
  const network = isIPv4(address)
    ? ipaddr.IPv4.networkAddressFromCIDR(`${address}/${ipv4}`)
    : ipaddr.IPv6.networkAddressFromCIDR(`${address}/${ipv6}`);
  return `${canonicalAddress(network.toString())}/${isIPv4(address) ? ipv4 : ipv6}`;
}
