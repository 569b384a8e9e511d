import { parseJson } from '../../records/parse-json.ts';
import type { AddressRange } from '../lists/address-range.ts';
import { type LeftOutKind, leftOut, type ReadEntry, takeText } from '../lists/reading/list-entry.ts';
import { readListJson } from '../lists/reading/list-json.ts';
import { listLineReader } from '../lists/reading/list-line.ts';
import type { NeverListedAddresses } from '../lists/reading/never-listed.ts';
import type { Feed, FeedFormat } from './feed.ts';

/** The content of a list. */
export interface ReadFeed {
  /** May overlap. */
  readonly ranges: readonly AddressRange[];
  /** Number of entries in the list, taken or not. */
  readonly entries: number;
  /** Entries, or parts of them, that are left out, by reason. */
  readonly dropped: Readonly<Partial<Record<LeftOutKind, number>>>;
  /** Descriptions of the first of them; they quote the list. */
  readonly samples: readonly string[];
  /** There are more entries than allowed; the rest was not read. */
  readonly isTooLarge: boolean;
}

const SAMPLES = 3;

/**
 * Reads a list in its feed's known format; entries in any other form are unreadable. Addresses that no list may name
 * are left out and counted.
 */
export function readFeed(
  body: Buffer,
  { format, at }: Pick<Feed, 'format' | 'at'>,
  neverListed: NeverListedAddresses,
  mostEntries: number,
): ReadFeed {
  const ranges: AddressRange[] = [];
  const dropped: Partial<Record<LeftOutKind, number>> = {};
  const samples: string[] = [];
  let entries = 0;
  let isTooLarge = false;
  for (const read of READERS[format](body, neverListed, at)) {
    entries++;
    for (const range of read.taken) ranges.push(range);
    for (const { kind, reason } of read.leftOut) {
      dropped[kind] = (dropped[kind] ?? 0) + 1;
      if (samples.length < SAMPLES) samples.push(reason);
    }
    isTooLarge = ranges.length > mostEntries;
    if (isTooLarge) break;
  }
  return { ranges, entries, dropped, samples, isTooLarge };
}

type Reader = (body: Buffer, neverListed: NeverListedAddresses, at?: string) => Iterable<ReadEntry>;

const READERS: Readonly<Record<FeedFormat, Reader>> = {
  lines: readLines,
  columns: readColumns,
  json: readJson,
  'json-lines': readJsonLines,
  zone: readZone,
};

/** Comments begin with one of these. */
const REMARK = /[#;]|\/\//;

/** A line begins with an address, a CIDR block or a range; the rest of it is a comment. */
function* readLines(body: Buffer, neverListed: NeverListedAddresses): Generator<ReadEntry> {
  for (const line of linesOf(body)) {
    const [content = ''] = line.split(REMARK, 1);
    const trimmed = content.trim();
    if (trimmed === '') continue;
    const [first = ''] = trimmed.split(/[\s,|]/, 1);
    yield takeText(first === '' ? trimmed : first, neverListed);
  }
}

/** The addresses are in the column with the right heading, or the first one that has any; `start end` are ranges. */
function* readColumns(body: Buffer, neverListed: NeverListedAddresses): Generator<ReadEntry> {
  const readLine = listLineReader({ neverListed });
  for (const line of linesOf(body)) {
    const read = readLine(line);
    if (read !== undefined) yield read;
  }
}

/** One JSON document, or the field of it that holds the list, as `readListJson` understands it. */
function* readJson(body: Buffer, neverListed: NeverListedAddresses, at?: string): Generator<ReadEntry> {
  const parsed = parseJson(textOf(body));
  if (!parsed.ok) {
    yield leftOut('unreadable', parsed.reason);
    return;
  }
  const value = at === undefined ? parsed.value : (parsed.value as Record<string, unknown> | null)?.[at];
  if (value === undefined) yield leftOut('unreadable', `there is no field "${at}"`);
  else yield* readListJson(value, { neverListed });
}

/** One JSON object per line. */
function* readJsonLines(body: Buffer, neverListed: NeverListedAddresses): Generator<ReadEntry> {
  for (const line of linesOf(body)) {
    if (line.trim() === '') continue;
    const parsed = parseJson(line);
    if (!parsed.ok || typeof parsed.value !== 'object') {
      yield leftOut('unreadable', parsed.ok ? 'expected a JSON object' : parsed.reason);
    } else yield* readListJson(parsed.value, { neverListed });
  }
}

/** `name. 172800 IN A 192.0.2.1`; a signature may cover an A record, so the type must be right before the address. */
const ADDRESS_RECORD = /^\S+\s+(?:\d+\s+)?IN\s+(?:A|AAAA)\s+([0-9a-f.:]+)\s*$/i;
const RECORD = /^\S+\s+(?:\d+\s+)?IN\s+[A-Z0-9]+\s/i;

/** The addresses of name servers in a DNS zone (RFC 1035, section 5), each once. */
function* readZone(body: Buffer, neverListed: NeverListedAddresses): Generator<ReadEntry> {
  const seen = new Set<string>();
  for (const line of linesOf(body)) {
    const [, address] = ADDRESS_RECORD.exec(line) ?? [];
    if (address === undefined) {
      if (!/^\s*(?:;|$)/.test(line) && !RECORD.test(line)) yield leftOut('unreadable', 'not a zone record');
    } else if (!seen.has(address)) {
      seen.add(address);
      yield takeText(address, neverListed);
    }
  }
}

/** Line by line, so that a list of a million lines is not in memory twice. */
function* linesOf(body: Buffer): Generator<string> {
  const text = textOf(body);
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const last = end === -1 ? text.length : end;
    yield text.slice(start, text[last - 1] === '\r' ? last - 1 : last);
    start = last + 1;
  }
}

function textOf(body: Buffer): string {
  return body.toString('utf8').replace(/^\ufeff/, '');
}
