import { canonicalAddress } from '../../../records/address.ts';
import { ADDRESS_BITS, type AddressRange, blockAround, rangeOfAddress } from '../address-range.ts';

/** The result of parsing a text; undefined if it names no address at all. */
export type ParsedRange =
  | { readonly ok: true; readonly range: AddressRange }
  /** It looks like addresses, but is not valid. */
  | { readonly ok: false; readonly reason: string }
  | undefined;

/**
 * Reads the notations for addresses found in lists: `192.0.2.1`, `192.0.2.0/24`, `192.0.2.0/255.255.255.0`,
 * `192.0.2.1-192.0.2.9`, `192.0.2.1-9`, `192.0.2.*`, `192.0.2.1:8080`, `[2001:db8::1]:443`, `192.0.2.1|8080`,
 * `http://192.0.2.1/path`, `192[.]0[.]2[.]1`, `192.000.002.001`.
 */
export function parseRange(text: string): ParsedRange {
  const refanged = text.includes('[') ? text.replaceAll(/\[([.:])\]/g, '$1') : text;
  const [, host] = URL_HOST.exec(refanged) ?? [];
  return parseHost(host ?? refanged);
}

/** Some lists write `hxxp`, so that the link can't be followed. */
const URL_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?(\[[^\]]+\](?::\d+)?|[^/?#]+)/i;
const BRACKETED = /^\[([0-9a-f:.%\w]+)\](?::\d{1,5})?$/i;
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+):|([0-9a-f.:]+)\|)\d{1,5}$/i;
/** The end of a range may be the last octet alone. */
const RANGE = /^([0-9a-f.:]+)[-\u2013\u2014]([0-9a-f.:]+)$/i;
const WILDCARD = /^(\d{1,3}(?:\.\d{1,3}){0,2})((?:\.\*){1,3})$/;

function parseHost(text: string): ParsedRange {
  const [, beforeColon, beforeBar] = WITH_PORT.exec(text) ?? [];
  const bare = BRACKETED.exec(text)?.[1] ?? beforeColon ?? beforeBar ?? text;
  const address = addressIn(bare);
  if (address !== undefined) return { ok: true, range: rangeOfAddress(address) };
  if (bare.includes('/')) return parseBlock(bare);
  const [, first, last] = RANGE.exec(bare) ?? [];
  if (first !== undefined && last !== undefined) return parseEnds(first, last);
  return parseWildcard(bare);
}

/**
 * Octets that all have three digits are decimal; in any other form leading zeros may mean octal, and the text is
 * rejected.
 */
const PADDED = /^\d{3}\.\d{3}\.\d{3}\.\d{3}$/;

function addressIn(text: string): string | undefined {
  const plain = PADDED.test(text) ? text.replaceAll(/\b0{1,2}(?=\d)/g, '') : text;
  return canonicalAddress(plain);
}

function parseBlock(text: string): ParsedRange {
  const [network = '', mask = '', ...rest] = text.split('/');
  const address = addressIn(network);
  if (address === undefined) return undefined;
  // The prefix of an IPv4 address in IPv6 notation counts from the start of the IPv6 address.
  const bitsBefore = network.includes(':') && !address.includes(':') ? 96 : 0;
  const prefix = prefixOf(mask) - bitsBefore;
  const bits = ADDRESS_BITS[address.includes(':') ? 6 : 4];
  if (rest.length > 0 || !(prefix >= 0 && prefix <= bits)) {
    return { ok: false, reason: `"${quoted(text)}" is not a CIDR block` };
  }
  return { ok: true, range: blockAround(address, prefix) };
}

/** @returns NaN if a mask is neither a prefix length nor a netmask */
export function prefixOf(mask: string): number {
  if (/^\d{1,3}$/.test(mask)) return Number(mask);
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(mask) || canonicalAddress(mask) === undefined) return Number.NaN;
  const bits = mask.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'));
  const [, ones] = /^(1*)0*$/.exec(bits.join('')) ?? [];
  return ones?.length ?? Number.NaN;
}

/** Reads a range by its first and its last address. */
export function parseEnds(firstText: string, lastText: string): ParsedRange {
  const first = addressIn(firstText);
  if (first === undefined) return undefined;
  const isOctet = /^\d{1,3}$/.test(lastText) && !first.includes(':');
  const last = addressIn(isOctet ? first.replace(/\d+$/, String(Number(lastText))) : lastText);
  if (last === undefined || first.includes(':') !== last.includes(':')) {
    return { ok: false, reason: `"${quoted(`${firstText}-${lastText}`)}" is not an address range` };
  }
  const range = { ...rangeOfAddress(first), last: rangeOfAddress(last).first };
  if (range.last >= range.first) return { ok: true, range };
  return { ok: false, reason: `${first}-${last} ends before it begins` };
}

function parseWildcard(text: string): ParsedRange {
  const [, fixed, wild] = WILDCARD.exec(text) ?? [];
  if (fixed === undefined || wild === undefined) return undefined;
  const octets = fixed.split('.');
  const isWhole = octets.length + wild.length / 2 === 4;
  const address = isWhole
    ? canonicalAddress([...octets, ...Array(4 - octets.length).fill('0')].join('.'))
    : undefined;
  if (address === undefined) return { ok: false, reason: `"${quoted(text)}" is not an IP address` };
  return { ok: true, range: blockAround(address, octets.length * 8) };
}

const QUOTED_CHARACTERS = 40;

/** Text of a list, cut to fit a line. */
export function quoted(text: string): string {
  return text.length <= QUOTED_CHARACTERS ? text : `${text.slice(0, QUOTED_CHARACTERS)}...`;
}
