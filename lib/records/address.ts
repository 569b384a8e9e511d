import { isIPv4, isIPv6 } from 'node:net';
import ipaddr, { type IPv6 } from 'ipaddr.js';

/**
 * The canonical spelling of an IP address: IPv6 compressed and lower case (RFC 5952), IPv4-mapped IPv6 as IPv4, without
 * a zone index (`fe80::1%eth0`), which only has meaning on one host.
 *
 * @returns undefined if the text is not an address; shorthand and octal IPv4 forms are not accepted.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text) || canonicalIPv6.has(text)) return text;
  if (!isIPv6(text)) return undefined;
  const canonical = serializeIPv6(text);
  if (canonicalIPv6.size >= MEMORY_LIMIT) canonicalIPv6.clear();
  canonicalIPv6.add(canonical);
  return canonical;
}

/** Cache of IPv6 addresses already in canonical form: formatting one takes as long as parsing a whole record. */
const canonicalIPv6 = new Set<string>();

/** The cache is cleared when it reaches this size. An entry takes about 100 bytes. */
const MEMORY_LIMIT = 10_000;

function serializeIPv6(text: string): string {
  const [withoutZone = ''] = text.split('%', 1);
  // The URL standard's serializer follows RFC 5952 except for dotted tails, which it writes in hexadecimal.
  const canonical = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const mapped = IPV4_MAPPED.exec(canonical);
  return mapped === null ? canonical : dotted(mapped.slice(1).map((group) => Number.parseInt(group, 16)));
}

const IPV4_MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

function dotted(groups: readonly number[]): string {
  return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}

/**
 * Address blocks that ipaddr.js does not class as plain unicast but that are reachable from the internet, according to
 * the IANA special-purpose registries: AS112 sinks, AMT relays, Teredo, and the NAT64 and 6to4 prefixes if the embedded
 * IPv4 address is reachable.
 */
const REACHABLE_RANGES = new Set(['unicast', 'as112', 'as112v6', 'amt', 'rfc6052', '6to4', 'teredo']);

/** Prefix of NAT64's well-known block (RFC 6052); 64:ff9b:1::/48 is for local use and not part of it. */
const NAT64 = '64:ff9b::';

/**
 * Whether an address can be reached over the public internet: not private, loopback, link-local, multicast,
 * documentation, shared (CGNAT), benchmarking or reserved space, and for IPv6 inside the allocated 2000::/3
 * or the NAT64 prefix.
 *
 * @param address in canonical form
 */
export function isGloballyRoutable(address: string): boolean {
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (!REACHABLE_RANGES.has(range)) return false;
  if (parsed.kind() === 'ipv4') return true;
  if (range === 'rfc6052') return address.startsWith(NAT64) && embedsGlobal(parsed as IPv6, 6);
  if (range === '6to4') return embedsGlobal(parsed as IPv6, 1);
  return /^[23]/.test(address) && address.indexOf(':') === 4;
}

/**
 * Blocks in which every network has its own hosts, from the IANA special-purpose registries: this network, private and
 * shared (CGNAT) use, loopback, link-local, multicast and broadcast; for IPv6 unspecified, loopback, unique local,
 * link-local and multicast. Matched as text because every record is checked.
 */
const INSIDE =
  /^(?:0\.|10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|22[4-9]\.|23\d\.|255\.255\.255\.255$|::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|ff[0-9a-f]{2}:)/;

/**
 * Whether an address can only belong to the site, whatever a sensor says. Documentation and benchmarking addresses do
 * not count: samples and tests use them for remote hosts.
 *
 * @param address in canonical form
 */
export function isInside(address: string): boolean {
  return INSIDE.test(address);
}

/** @param first the first of the two groups that hold an IPv4 address */
function embedsGlobal({ parts }: IPv6, first: number): boolean {
  return isGloballyRoutable(dotted(parts.slice(first, first + 2)));
}
