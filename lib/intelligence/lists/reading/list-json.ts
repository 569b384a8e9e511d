import type { AddressRange } from '../address-range.ts';
import { fieldsMeaning } from './field-names.ts';
import { isHostName, leftOut, type ReadEntry, takeRange, takeText, together } from './list-entry.ts';
import type { ListOptions } from './list-line.ts';
import { parseEnds, parseRange } from './parse-range.ts';

/** No list is nested more deeply. */
const MAX_DEPTH = 6;

/**
 * Reads the entries in a JSON value: addresses as text, objects with a field for one (`cidr`, `ip`, `ip_address`, ...),
 * objects whose keys are addresses, STIX patterns, and arrays of all these at any depth. Metadata of the list is
 * ignored.
 */
export function* readListJson(value: unknown, options: ListOptions, depth = 0): Generator<ReadEntry> {
  if (typeof value === 'string') yield takeText(value.trim(), options.neverListed);
  else if (Array.isArray(value)) yield* readAll(value, options, depth);
  else if (typeof value === 'object' && value !== null) {
    yield* readObject(value as Readonly<Record<string, unknown>>, options, depth);
  } else yield leftOut('unreadable', `${JSON.stringify(value)} is not an IP address, range or CIDR block`);
}

function* readAll(values: readonly unknown[], options: ListOptions, depth: number): Generator<ReadEntry> {
  if (depth >= MAX_DEPTH) return;
  for (const value of values) yield* readListJson(value, options, depth + 1);
}

function* readObject(
  object: Readonly<Record<string, unknown>>,
  options: ListOptions,
  depth: number,
): Generator<ReadEntry> {
  const own = ownEntry(object, options) ?? patternEntry(object, options);
  if (own !== undefined) {
    yield own;
    return;
  }
  if (object.type === 'metadata') return;
  const addressKeys = Object.keys(object).filter((key) => parseRange(key)?.ok);
  for (const key of addressKeys) yield takeText(key, options.neverListed);
  const lists = addressKeys.length > 0 ? [] : Object.values(object).filter(holdsList);
  yield* readAll(lists, options, depth);
  if (addressKeys.length === 0 && lists.length === 0 && !isEmptyList(object)) {
    yield leftOut('unreadable', 'no field with an address, such as "cidr" or "ip"');
  }
}

/** The response of an API whose list has become empty: `{"data": []}`. */
function isEmptyList(object: Readonly<Record<string, unknown>>): boolean {
  return Object.values(object).some((value) => Array.isArray(value) && value.length === 0);
}

function holdsList(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((each) => typeof each === 'object' || typeof each === 'string');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsList);
}

/** The entry that the object itself is; undefined if it is none. */
function ownEntry(object: Readonly<Record<string, unknown>>, options: ListOptions): ReadEntry | undefined {
  const names = Object.keys(object);
  const textAt = (place: number) => textOf(object[names[place] ?? '']);
  const named = ownRange(names, textAt);
  if (named === undefined) return undefined;
  return typeof named === 'string'
    ? takeText(named, options.neverListed)
    : takeRange(named, options.neverListed);
}

/** `[ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value ISSUBSET '192.0.2.0/24']`, the pattern of a STIX indicator. */
const STIX_ADDRESS = /ipv[46]-addr:value\s*(?:=|ISSUBSET|IN)\s*\(?((?:\s*,?\s*'[^']*')+)/g;

function patternEntry(
  { pattern }: Readonly<Record<string, unknown>>,
  options: ListOptions,
): ReadEntry | undefined {
  if (typeof pattern !== 'string' || !/^\s*[[(]/.test(pattern)) return undefined;
  const texts = [...pattern.matchAll(STIX_ADDRESS)].flatMap(
    ([, values = '']) => values.match(/[^',\s]+/g) ?? [],
  );
  if (texts.length === 0) return leftOut('unreadable', 'a pattern without an address');
  return together(texts.map((text) => takeText(text, options.neverListed)));
}

type TextAt = (place: number) => string;

function ownRange(names: readonly string[], textAt: TextAt): AddressRange | string | undefined {
  const [start = ''] = fieldsMeaning('start', names).map(textAt);
  const [end = ''] = fieldsMeaning('end', names).map(textAt);
  // In other lists "first" and "last" are times.
  const ends = parseEnds(start, end);
  if (ends?.ok) return ends.range;
  const addresses = fieldsMeaning('address', names).map(textAt);
  const address = addresses.find((text) => parseRange(text) !== undefined);
  if (address !== undefined) return withPrefix(address, fieldsMeaning('prefix', names).map(textAt));
  return addresses.find(isHostName) ?? (ends === undefined ? undefined : `${start}-${end}`);
}

/** An address and its prefix length may be in two fields. */
function withPrefix(address: string, prefixes: readonly string[]): string {
  if (!/^[0-9a-f.:]+$/i.test(address)) return address;
  const prefix = prefixes.find((each) => /^\d{1,3}$/.test(each));
  return prefix === undefined ? address : `${address}/${prefix}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}
