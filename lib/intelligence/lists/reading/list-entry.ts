import { type AddressRange, rangeText, sizeOf } from '../address-range.ts';
import type { NeverListedAddresses } from './never-listed.ts';
import { parseRange, quoted } from './parse-range.ts';
import type { NeverListed } from './special-blocks.ts';

/** Why something is left out of a list. */
export type LeftOutKind = NeverListed | 'name' | 'too-large' | 'unreadable';

/** Something left out of a list. */
export interface LeftOut {
  readonly kind: LeftOutKind;
  readonly reason: string;
}

/** The result of reading an entry; a part of a range may be taken while another is left out. */
export interface ReadEntry {
  readonly taken: readonly AddressRange[];
  readonly leftOut: readonly LeftOut[];
}

/** Larger ranges are considered a mistake: above a /8 for IPv4, a /19 for IPv6. */
const LARGEST = { 4: { prefix: 8, size: 1n << 24n }, 6: { prefix: 19, size: 1n << 109n } } as const;

const WHAT: Readonly<Record<NeverListed, string>> = {
  private: 'private',
  loopback: 'loopback',
  'link-local': 'link-local',
  multicast: 'multicast',
  reserved: 'reserved',
  home: 'in the home networks',
  resolver: 'a well-known public resolver',
};

/** Takes a range, except for the parts that no list may name. */
export function takeRange(range: AddressRange, neverListed: NeverListedAddresses, remark = ''): ReadEntry {
  const { taken, why } = neverListed.part(range);
  const text = rangeText(range);
  const { prefix, size } = LARGEST[range.family];
  if (taken.length > 0 && sizeOf(range) > size) {
    return leftOut('too-large', `${text} is more than a /${prefix} of IPv${range.family}`);
  }
  const part = taken.length > 0 ? 'part of ' : '';
  return {
    taken,
    leftOut: why.map((kind) => ({ kind, reason: `${part}${text} is ${WHAT[kind]}${remark}` })),
  };
}

/** Takes the addresses that a text of a list names. */
export function takeText(text: string, neverListed: NeverListedAddresses): ReadEntry {
  const parsed = parseRange(text);
  if (parsed?.ok) return takeRange(parsed.range, neverListed);
  if (parsed !== undefined) return leftOut('unreadable', parsed.reason);
  return isHostName(text)
    ? leftOut('name', `"${quoted(text)}" is a host name, not an address`)
    : leftOut('unreadable', `"${quoted(text)}" is not an IP address, range or CIDR block`);
}

/** A top-level domain consists of letters. */
export function isHostName(text: string): boolean {
  return /^(?:[\w-]+\.)+[a-z][a-z0-9-]*\.?$/i.test(text);
}

export function leftOut(kind: LeftOutKind, reason: string): ReadEntry {
  return { taken: [], leftOut: [{ kind, reason }] };
}

export function together(entries: readonly ReadEntry[]): ReadEntry {
  return {
    taken: entries.flatMap(({ taken }) => taken),
    leftOut: entries.flatMap((entry) => entry.leftOut),
  };
}
