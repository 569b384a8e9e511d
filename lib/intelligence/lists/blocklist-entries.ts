import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../records/address.ts';

/** A line of a blocklist that names addresses. */
export interface BlocklistLine {
  /** In canonical form; several where the line is a block. */
  readonly addresses: readonly string[];
  /** On how many lists they are; 1 where the line does not say. */
  readonly lists: number;
}

/** What a line of a blocklist comes to; undefined for a comment or a blank line. */
export type ParsedLine =
  | ({ readonly ok: true } & BlocklistLine)
  | { readonly ok: false; readonly reason: string }
  | undefined;

/** Larger blocks are not taken: a /20 of IPv4, a /116 of IPv6. */
const MAX_BLOCK_ADDRESSES = 4_096;

/**
 * Reads a line of a blocklist: an address or a CIDR block, and in a second column how many lists name it. Columns are
 * parted by white space, comma or semicolon; what follows a # is a comment, and a line that begins with ; or // is
 * one.
 */
export function parseBlocklistLine(line: string): ParsedLine {
  const [content = ''] = line.split('#', 1);
  const trimmed = content.trim();
  if (trimmed === '' || trimmed.startsWith(';') || trimmed.startsWith('//')) return undefined;
  const [first = '', second] = trimmed.split(/[\s,;]+/);
  const lists = countOf(second);
  if (lists === undefined)
    return { ok: false, reason: `"${quoted(second)}" is no number of lists from 1 on` };
  if (first.includes('/')) return parseBlock(first, lists);
  const address = canonicalAddress(first);
  if (address === undefined)
    return { ok: false, reason: `"${quoted(first)}" is no IP address and no CIDR block` };
  return { ok: true, addresses: [address], lists };
}

/** Many lists have further columns of text there: a date, a name. Only a number counts. */
function countOf(column: string | undefined): number | undefined {
  if (column === undefined || !/^[+-]?\d+$/.test(column)) return 1;
  const lists = Number(column);
  return lists >= 1 && lists <= 1_000_000 ? lists : undefined;
}

function parseBlock(text: string, lists: number): ParsedLine {
  const [network = '', prefix = '', ...rest] = text.split('/');
  const address = canonicalAddress(network);
  const bits = address?.includes(':') ? 128 : 32;
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && rest.length === 0;
  if (address === undefined || !isPrefix) return { ok: false, reason: `"${quoted(text)}" is no CIDR block` };
  const size = 2 ** (bits - Number(prefix));
  if (size > MAX_BLOCK_ADDRESSES) {
    return { ok: false, reason: `${text} holds more than ${MAX_BLOCK_ADDRESSES} addresses` };
  }
  return { ok: true, addresses: expand(address, size), lists };
}

/** All addresses of the block of a size, a power of two, that an address is in. */
function expand(address: string, size: number): string[] {
  const bytes = ipaddr.parse(address).toByteArray();
  const base = ((bytes.at(-2) ?? 0) << 8) | (bytes.at(-1) ?? 0);
  const first = base - (base % size);
  return Array.from({ length: size }, (_, n) => {
    const low = first + n;
    const expanded = ipaddr.fromByteArray([...bytes.slice(0, -2), low >> 8, low & 0xff]);
    return canonicalAddress(expanded.toString()) ?? address;
  });
}

const QUOTED_CHARACTERS = 40;

function quoted(text = ''): string {
  return text.length <= QUOTED_CHARACTERS ? text : `${text.slice(0, QUOTED_CHARACTERS)}...`;
}
