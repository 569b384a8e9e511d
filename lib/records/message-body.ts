import { type ConnectionRecord, parseRecord } from './connection-record.ts';
import { arrayElements } from './json-elements.ts';

/** A record that was understood, with its place in the message. */
export interface AcceptedRecord {
  readonly record: ConnectionRecord;
  /** Canonical text: equal texts are the same record. */
  readonly canonical: string;
}

/** A part of a message that is no record, verbatim, with its place and one line that says why. */
export interface RejectedRecord {
  /** A body is rejected whole where nothing in it is a JSON object; its records, if it has any, can't be told apart. */
  readonly scope: 'record' | 'body';
  /** Counts the records of the message from 0; 0 for a body rejected whole. */
  readonly index: number;
  readonly text: string;
  readonly reason: string;
}

export interface DecodedBody {
  readonly accepted: readonly AcceptedRecord[];
  readonly rejected: readonly RejectedRecord[];
}

/** Some editors put it before a file's first record; JSON.parse refuses it. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads a message body: one record, a JSON array of records, or newline-delimited JSON. Blank lines are not
 * records. A body in which nothing is a JSON object is rejected whole; elsewhere each invalid record is rejected
 * alone and its neighbours are kept.
 */
export function decodeBody(body: string): DecodedBody {
  const { entries, textOf } = entriesOf(body);
  if (isNothingToTellApart(entries)) return rejectedWhole(body, entries);
  const accepted: AcceptedRecord[] = [];
  const rejected: RejectedRecord[] = [];
  for (const [index, entry] of entries.entries()) {
    const parsed = entry.ok ? parseRecord(entry.value) : entry;
    if (parsed.ok) accepted.push({ record: parsed.record, canonical: parsed.canonical });
    else rejected.push({ scope: 'record', index, text: textOf(index), reason: parsed.reason });
  }
  return { accepted, rejected };
}

type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

interface Entries {
  readonly entries: readonly Json[];
  /** An entry's text as it came; asked only for rejected ones. */
  readonly textOf: (index: number) => string;
}

function entriesOf(body: string): Entries {
  const whole = parseJson(body);
  if (!whole.ok) {
    const lines = body.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) return { entries: [whole], textOf: () => body };
    return { entries: lines.map(parseJson), textOf: (index) => lines[index] ?? '' };
  }
  if (!Array.isArray(whole.value)) return { entries: [whole], textOf: () => body };
  let texts: string[] | undefined;
  return {
    entries: whole.value.map((value: unknown) => ({ ok: true, value })),
    textOf: (index) => {
      texts ??= arrayElements(body);
      return texts[index] ?? '';
    },
  };
}

/** One JSON value may be a record gone wrong; text, or many values of which none is an object, is something else. */
function isNothingToTellApart(entries: readonly Json[]): boolean {
  const isOneValue = entries.length === 1 && entries[0]?.ok === true;
  return entries.length > 0 && !isOneValue && !entries.some(isObject);
}

function isObject(entry: Json): boolean {
  return entry.ok && typeof entry.value === 'object' && entry.value !== null && !Array.isArray(entry.value);
}

function rejectedWhole(body: string, entries: readonly Json[]): DecodedBody {
  const failure = entries.find((entry) => !entry.ok);
  const reason = failure?.reason ?? 'body: holds no JSON object';
  return { accepted: [], rejected: [{ scope: 'body', index: 0, text: body, reason }] };
}

function parseJson(text: string): Json {
  try {
    return {
      ok: true,
      value: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) as unknown,
    };
  } catch (error) {
    return { ok: false, reason: `not JSON: ${(error as Error).message.replaceAll(/[\s\p{Cc}]+/gu, ' ')}` };
  }
}
