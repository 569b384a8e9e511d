import { enclosingNetwork } from '../records/enclosing-network.ts';

/**
 * The block of a small site, and one IPv6 network, within which hosts change their addresses for privacy (RFC 8981).
 */
const NETWORK = { ipv4: 24, ipv6: 64 } as const;
/** A single IPv4 address may be all that a site has. */
const SINGLE = { ipv4: 32, ipv6: 64 } as const;

/**
 * Home networks that would cover the addresses: the block that several of them share, else each address alone.
 *
 * @param addresses in canonical form
 * @returns CIDR blocks, each once, in the order of the addresses
 */
export function proposedNetworks(addresses: readonly string[]): string[] {
  const blocks = Map.groupBy(addresses, (address) => enclosingNetwork(address, NETWORK));
  const networks = [...blocks].flatMap(([block, within]) =>
    within.length > 1 ? [block] : within.map((address) => enclosingNetwork(address, SINGLE)),
  );
  return [...new Set(networks)];
}
