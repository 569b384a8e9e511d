import { isIPv4 } from 'node:net';
import { canonicalAddress } from '../../../records/address.ts';
import { fieldsMeaning } from './field-names.ts';
import { leftOut, type ReadEntry, takeRange, takeText, together } from './list-entry.ts';
import type { NeverListedAddresses } from './never-listed.ts';
import { parseEnds, parseRange, prefixOf } from './parse-range.ts';

export interface ListOptions {
  readonly neverListed: NeverListedAddresses;
}

/** Reads a line of a list; undefined for a comment, a blank line or a heading. */
export type ReadListLine = (line: string) => ReadEntry | undefined;

/** Columns by the meaning of their headings. */
interface Heading {
  readonly addresses: readonly number[];
  readonly ends: readonly [start: number, end: number] | undefined;
}

/**
 * Reads lists line by line: addresses, CIDR blocks and ranges in all spellings of {@link parseRange}, alone or in a
 * column of CSV; `start end`, with or without a prefix length; hosts files; output of `ipset save`, web server rules,
 * ad blocker rules, and rules with several addresses in brackets. Comments begin with #, ;, // or !.
 */
export function listLineReader(options: ListOptions): ReadListLine {
  let heading: Heading | undefined;
  let isFirst = true;
  return (line) => {
    const content = withoutComment(line);
    if (content === '') return undefined;
    const mayBeHeading = isFirst;
    isFirst = false;
    // Fast path: most lines of most lists.
    if (isIPv4(content)) return takeText(content, options.neverListed);
    if (PERMITS.test(content)) return leftOut('unreadable', 'a rule that lets traffic through');
    const enclosed = enclosedAddresses(content);
    if (enclosed !== undefined) return together(enclosed.map((text) => takeText(text, options.neverListed)));
    const columns = columnsOf(content);
    if (mayBeHeading) heading = headingIn(columns);
    return mayBeHeading && heading !== undefined ? undefined : readColumns(columns, heading, options);
  };
}

function withoutComment(line: string): string {
  const trimmed = beforeHash(line).trim();
  return /^(?:;|\/\/|!)/.test(trimmed) ? '' : trimmed;
}

/** A # in quotes is part of a comment field. */
function beforeHash(line: string): string {
  if (!line.includes('"')) return line.split('#', 1)[0] ?? '';
  const hash = /^(?:[^"#]|"[^"]*")*#/.exec(line);
  return hash === null ? line : hash[0].slice(0, -1);
}

/** A firewall or web server rule that permits addresses rather than blocking them. */
const PERMITS =
  /^(?:access-list\s+\S+\s+)?(?:allow|permit)\s|^-[AI]\s.*\s(?:-j|--jump)\s+(?:ACCEPT|RETURN)(?:\s|$)/i;

/** Text before an address in ipset and web server rules. */
const RULE = /^(?:add\s+\S+|deny(?:\s+from)?|require\s+not\s+ip)\s+(?=[0-9a-f:.]+[/\s;]|[0-9a-f:.]+$)/i;
/** `||192.0.2.1^` in ad blocker rules. */
const ADBLOCK = /^\|\|([^^|]+)\^.*$/;
const SPACED_RANGE = /([0-9a-f.:]+)\s+[-\u2013\u2014]\s+([0-9a-f.:]+)/gi;
/** `a to b`, `a -> b`, `a..b`, `a ... b`. */
const WORDED_RANGE =
  /([0-9a-f]+[.:][0-9a-f.:]*[0-9a-f])(?:\s+(?:to|->)\s+|\s*\.{2,3}\s*)([0-9a-f]*[.:][0-9a-f.:]*)/gi;

/**
 * Lists in brackets, as firewalls and intrusion detection write them: `[192.0.2.1,192.0.2.9]`, `{ 192.0.2.1;
 * 192.0.2.0/24; }`. A single address in brackets is usually IPv6 before a port.
 */
const ENCLOSED = /\[([^[\]]*[,;\s][^[\]]*)\]|\{([^{}]*)\}/;

function enclosedAddresses(content: string): readonly string[] | undefined {
  const [, inBrackets, inBraces] = ENCLOSED.exec(content) ?? [];
  const words = (inBrackets ?? inBraces ?? '').split(/[,;\s]+/).filter((word) => word !== '');
  return words.length > 0 && words.every((word) => parseRange(word)?.ok) ? words : undefined;
}

/** Splits a line at its commas, semicolons, tabs or bars, whichever comes first; else at whitespace. */
function columnsOf(content: string): string[] {
  const plain = content.replace(RULE, '').replace(ADBLOCK, '$1').replace(SPACED_RANGE, '$1-$2');
  const text = /\sto\s|->|\.\./.test(plain) ? plain.replace(WORDED_RANGE, '$1-$2') : plain;
  const [delimiter] = text.replaceAll(/"[^"]*"/g, '').match(/[,;\t|]/) ?? [];
  if (delimiter === undefined) return text.split(/\s+/).map(unquoted);
  const columns = text.includes('"') ? splitOutsideQuotes(text, delimiter) : text.split(delimiter);
  return columns.map(unquoted);
}

function splitOutsideQuotes(text: string, delimiter: string): string[] {
  const columns: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (isQuoted || text[at] !== delimiter) continue;
    columns.push(text.slice(start, at));
    start = at + 1;
  }
  return [...columns, text.slice(start)];
}

function unquoted(column: string): string {
  const trimmed = column.trim();
  return /^(["']).*\1$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}

/** A first line is a heading if it has a name of an address column and no address. */
function headingIn(columns: readonly string[]): Heading | undefined {
  if (columns.some((column) => parseRange(firstWord(column)) !== undefined)) return undefined;
  const addresses = fieldsMeaning('address', columns);
  const [start] = fieldsMeaning('start', columns);
  const [end] = fieldsMeaning('end', columns);
  const ends = start === undefined || end === undefined ? undefined : ([start, end] as const);
  if (addresses.length === 0 && ends === undefined) return undefined;
  return { addresses, ends };
}

function readColumns(
  columns: readonly string[],
  heading: Heading | undefined,
  { neverListed }: ListOptions,
): ReadEntry {
  const ends = endsIn(columns, heading);
  if (ends !== undefined) {
    const parsed = parseEnds(...ends);
    if (parsed?.ok) return takeRange(parsed.range, neverListed);
    return leftOut('unreadable', parsed?.reason ?? `"${ends.join('-')}" is not an address range`);
  }
  const hosts = hostsLine(columns, neverListed);
  if (hosts !== undefined) return hosts;
  const named = addressesIn(columns, heading);
  return together(named.map((text) => takeText(text, neverListed)));
}

/** Both ends of a range, if the heading says so or the line begins with two addresses. */
function endsIn(
  columns: readonly string[],
  heading: Heading | undefined,
): readonly [string, string] | undefined {
  if (heading !== undefined) {
    if (heading.ends === undefined) return undefined;
    const [start, end] = [columns[heading.ends[0]] ?? '', columns[heading.ends[1]] ?? ''];
    // In other lists "first" and "last" are times.
    const areAddresses = isAddress(start) && isAddress(end);
    return areAddresses || heading.addresses.length === 0 ? [start, end] : undefined;
  }
  const [first = '', second = '', third = ''] = columns;
  if (!isAddress(first) || !isAddress(second) || isAddress(third)) return undefined;
  if (isHosts(columns) || !Number.isNaN(maskIn(second))) return undefined;
  return [first, second];
}

/** A netmask in a column of its own: `192.0.2.0 255.255.255.0`. */
function maskIn(column: string): number {
  return column.startsWith('255.') ? prefixOf(column) : Number.NaN;
}

/** Addresses that hosts files map names to. */
const SINKHOLES = new Set(['0.0.0.0', '127.0.0.1', '127.0.1.1', '255.255.255.255', '::', '::1', 'fe80::1']);

/** In a hosts file, names follow such an address; `0.0.0.0 0.255.255.255 8` is a range. */
function isHosts([first = '', second = '', third = '']: readonly string[]): boolean {
  const isSinkhole = SINKHOLES.has(canonicalAddress(first) ?? '');
  if (!isSinkhole || !/[a-z.:]/i.test(second)) return false;
  return !(isAddress(second) && /^\d+$/.test(third));
}

/** The mapped address is a sinkhole; if there is an address in place of the name, that is the entry. */
function hostsLine(columns: readonly string[], neverListed: NeverListedAddresses): ReadEntry | undefined {
  if (!isHosts(columns)) return undefined;
  const [sinkhole = '', ...names] = columns;
  const addresses = names.filter(isAddress);
  if (addresses.length > 0) {
    return together(addresses.map((address) => takeText(address, neverListed)));
  }
  const parsed = parseRange(sinkhole);
  if (!parsed?.ok) return undefined;
  return takeRange(parsed.range, neverListed, `: from a hosts file, whose names are not addresses`);
}

/** The texts that name addresses: in the columns the heading names, else in the first column that has any. */
function addressesIn(columns: readonly string[], heading: Heading | undefined): string[] {
  const words = columns.map(firstWord);
  if (heading !== undefined) {
    const given = heading.addresses.map((place) => words[place] ?? '');
    return [given.find((word) => parseRange(word) !== undefined) ?? given.find((word) => word !== '') ?? ''];
  }
  const first = words.findIndex(isAddress);
  const mask = maskIn(words[first + 1] ?? '');
  if (first >= 0 && !Number.isNaN(mask)) return [`${words[first]}/${mask}`];
  // Some lists have all their addresses in one line.
  const filled = words.filter((word) => word !== '');
  if (filled.length > 2 && filled.every((word) => parseRange(word)?.ok)) return filled;
  const found = columns.map(rangeIn).find((text) => text !== undefined);
  return [found ?? words.find((word) => parseRange(word) !== undefined) ?? filled[0] ?? ''];
}

/** A range may have a name before it: `Example network:192.0.2.1-192.0.2.9`. */
const NAMED_RANGE = /^[^:]*:(\d[\d.]+-\d[\d.]+)$/;

function rangeIn(column: string): string | undefined {
  const text = NAMED_RANGE.exec(column)?.[1] ?? firstWord(column);
  return parseRange(text)?.ok ? text : undefined;
}

function firstWord(column: string): string {
  return column.split(/\s/, 1)[0] ?? '';
}

function isAddress(text: string): boolean {
  return canonicalAddress(text) !== undefined;
}
