/** Protocol numbers from IANA's registry that networks actually carry; ICMPv6 is `icmp` as everywhere here. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'hopopt',
  1: 'icmp',
  2: 'igmp',
  4: 'ipv4',
  6: 'tcp',
  17: 'udp',
  27: 'rdp',
  33: 'dccp',
  41: 'ipv6',
  43: 'ipv6-route',
  44: 'ipv6-frag',
  46: 'rsvp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmp',
  59: 'ipv6-nonxt',
  60: 'ipv6-opts',
  88: 'eigrp',
  89: 'ospf',
  94: 'ipip',
  97: 'etherip',
  103: 'pim',
  108: 'ipcomp',
  112: 'vrrp',
  115: 'l2tp',
  132: 'sctp',
  136: 'udplite',
  137: 'mpls-in-ip',
};

/** Other spellings of those names, in lower case. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['ipv6-icmp', 'icmp'],
  ['icmpv6', 'icmp'],
  ['icmp6', 'icmp'],
  ['ospfigp', 'ospf'],
  ['udp-lite', 'udplite'],
  ['ipencap', 'ipv4'],
]);

const LARGEST_NUMBER = 255;
const NINE = 0x39;

/**
 * The canonical spelling of a protocol: its name in lower case, whether given as a name, a number or digits (`6`,
 * `"6"`, `"047"`). A number without a name here stays digits.
 *
 * @returns the input if it is neither
 */
export function protocolName(protocol: unknown): unknown {
  if (typeof protocol === 'number') return nameOfNumber(protocol) ?? protocol;
  if (typeof protocol !== 'string') return protocol;
  const name = protocol.toLowerCase();
  if (name.charCodeAt(0) <= NINE && /^\d{1,3}$/.test(name)) return nameOfNumber(Number(name)) ?? protocol;
  return ALIASES.get(name) ?? name;
}

function nameOfNumber(number: number): string | undefined {
  if (!Number.isInteger(number) || number < 0 || number > LARGEST_NUMBER) return undefined;
  return NAMES[number] ?? String(number);
}
