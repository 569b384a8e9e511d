/** Why an address is never taken from a list. */
export type NeverListed =
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'multicast'
  | 'reserved'
  | 'home'
  | 'resolver';

/**
 * Blocks that are not reachable on the internet. Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries. The
 * documentation blocks (RFC 5737, 3849, 9637) are excluded: in examples they represent internet addresses.
 */
const IPV4: Readonly<Record<string, NeverListed>> = {
  '0.0.0.0/8': 'reserved',
  '10.0.0.0/8': 'private',
  // Carrier-grade NAT (RFC 6598).
  '100.64.0.0/10': 'private',
  '127.0.0.0/8': 'loopback',
  '169.254.0.0/16': 'link-local',
  '172.16.0.0/12': 'private',
  '192.0.0.0/24': 'reserved',
  '192.88.99.0/24': 'reserved',
  '192.168.0.0/16': 'private',
  // Benchmarking (RFC 2544).
  '198.18.0.0/15': 'reserved',
  '224.0.0.0/4': 'multicast',
  '240.0.0.0/4': 'reserved',
};

const IPV6: Readonly<Record<string, NeverListed>> = {
  '::/128': 'reserved',
  '::1/128': 'loopback',
  // NAT64 for local use (RFC 8215).
  '64:ff9b:1::/48': 'private',
  // Benchmarking (RFC 5180) and ORCHIDs (RFC 4843, RFC 7343).
  '2001:2::/48': 'reserved',
  '2001:10::/28': 'reserved',
  '2001:20::/28': 'reserved',
  'fc00::/7': 'private',
  'fe80::/10': 'link-local',
  'ff00::/8': 'multicast',
};

/** Addresses neither allocated for unicast (2000::/3) nor in one of the blocks above. */
const UNALLOCATED_IPV6 = [
  '::/8',
  '100::/8',
  '200::/7',
  '400::/6',
  '800::/5',
  '1000::/4',
  '4000::/2',
  '8000::/1',
];

/** The well-known prefix of NAT64 (RFC 6052), which is in one of the unallocated blocks. */
const NAT64 = '64:ff9b::/96';

/** Blocks that are never taken, with the reason; where two overlap, the earlier one gives the reason. */
export function specialBlocks(): (readonly [block: string, why: NeverListed | undefined])[] {
  const ipv4 = Object.entries(IPV4);
  return [
    ...ipv4,
    // An IPv6 address that translates to such a block leads there too.
    ...ipv4.map(
      ([block, why]) => [embedded(block, (high, low) => `64:ff9b::${high}:${low}`, 96), why] as const,
    ),
    ...ipv4.map(
      ([block, why]) => [embedded(block, (high, low) => `2002:${high}:${low}::`, 16), why] as const,
    ),
    [NAT64, undefined],
    ...Object.entries(IPV6),
    ...UNALLOCATED_IPV6.map((block) => [block, 'reserved'] as const),
  ];
}

/** The IPv6 block in which the addresses of an IPv4 block are embedded. */
function embedded(block: string, form: (high: string, low: string) => string, bitsBefore: number): string {
  const [network = '', prefix] = block.split('/');
  const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
  const hexadecimal = (high: number, low: number) => ((high << 8) | low).toString(16);
  return `${form(hexadecimal(a, b), hexadecimal(c, d))}/${bitsBefore + Number(prefix)}`;
}
