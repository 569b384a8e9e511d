import { type ConnectionRecord, parseRecord } from './connection-record.ts';
import { arrayElements } from './json-elements.ts';
import { type ParsedJson, parseJson } from './parse-json.ts';

/** A record that was understood, with its place in the message. */
export interface AcceptedRecord {
  readonly record: ConnectionRecord;
  /** Canonical text: equal texts are the same record. */
  readonly canonical: string;
  /** Counts the records of the message from 0, as in `RejectedRecord`. */
  readonly index: number;
}

/** A part of a message that is no record, verbatim, with its place and one line that says why. */
export interface RejectedRecord {
  /**
   * `record`: one record. `rest`: all invalid records from `index` on, one a line, where they are too many to be
   * passed on singly. `body`: everything, where nothing in the body is a JSON object.
   */
  readonly scope: 'record' | 'rest' | 'body';
  /** Counts the records of the message from 0, blank lines not counted; 0 for a body rejected whole. */
  readonly index: number;
  /** Lines or elements that the text of a `rest` or a `body` holds; absent means one. */
  readonly count?: number;
  readonly text: string;
  readonly reason: string;
}

export interface DecodedBody {
  readonly accepted: readonly AcceptedRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** Gives a record as it came, by its index. */
  readonly textOf: (index: number) => string;
}

/**
 * Invalid records of one message that are passed on one by one; the rest goes as one text, so that a message of
 * nothing but rubbish does not become thousands.
 */
const MAX_SINGLE_REJECTIONS = 1_000;

/**
 * Reads a message body: one record, a JSON array of records, or newline-delimited JSON. Blank lines are not
 * records. A body in which nothing is a JSON object is rejected whole; elsewhere each invalid record is rejected
 * alone and its neighbours are kept.
 */
export function decodeBody(body: string): DecodedBody {
  const { length, entryAt, textOf } = entriesOf(body);
  const accepted: AcceptedRecord[] = [];
  const rejected: RejectedRecord[] = [];
  const rest: number[] = [];
  let hasObject = false;
  let hasOther = false;
  for (let index = 0; index < length; index++) {
    // Why one more is invalid nobody will read; that it is none shows in its first character.
    if (rejected.length >= MAX_SINGLE_REJECTIONS && !looksLikeObject(textOf(index))) {
      rest.push(index);
      continue;
    }
    const entry = entryAt(index);
    hasObject ||= entry.ok && isObject(entry.value);
    hasOther ||= !entry.ok;
    const parsed = entry.ok ? parseRecord(entry.value) : entry;
    if (parsed.ok) accepted.push({ record: parsed.record, canonical: parsed.canonical, index });
    else if (rejected.length >= MAX_SINGLE_REJECTIONS) rest.push(index);
    else rejected.push({ scope: 'record', index, text: textOf(index), reason: parsed.reason });
  }
  // One JSON value may be a record gone wrong; text, or many values of which none is an object, is something else.
  if (!hasObject && (hasOther || length > 1)) return rejectedWhole(body, length, rejected, hasOther);
  const all = rest.length === 0 ? rejected : [...rejected, rejectedRest(rest, textOf)];
  return { accepted, rejected: all, textOf };
}

interface Entries {
  readonly length: number;
  readonly entryAt: (index: number) => ParsedJson;
  /** An entry's text as it came. */
  readonly textOf: (index: number) => string;
}

function entriesOf(body: string): Entries {
  const whole = parseJson(body);
  if (!whole.ok) {
    const lines = body.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) return { length: 1, entryAt: () => whole, textOf: () => body };
    const textOf = (index: number) => lines[index] ?? '';
    return { length: lines.length, entryAt: (index) => parseJson(textOf(index)), textOf };
  }
  if (!Array.isArray(whole.value)) return { length: 1, entryAt: () => whole, textOf: () => body };
  const values: readonly unknown[] = whole.value;
  let texts: string[] | undefined;
  return {
    length: values.length,
    entryAt: (index) => ({ ok: true, value: values[index] }),
    textOf: (index) => {
      texts ??= arrayElements(body);
      return texts[index] ?? '';
    },
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function looksLikeObject(text: string): boolean {
  return text.trimStart().startsWith('{');
}

function rejectedWhole(
  body: string,
  count: number,
  singles: readonly RejectedRecord[],
  isText: boolean,
): DecodedBody {
  const why = singles.find(({ reason }) => reason.startsWith('not JSON'))?.reason;
  const reason = isText && why !== undefined ? why : 'body: holds no JSON object';
  return {
    accepted: [],
    rejected: [{ scope: 'body', index: 0, ...(count > 1 && { count }), text: body, reason }],
    textOf: () => body,
  };
}

function rejectedRest(indices: readonly number[], textOf: Entries['textOf']): RejectedRecord {
  // An element of an array may span lines, and JSON strings hold no line ends.
  const text = indices.map((index) => textOf(index).replaceAll(/[\r\n]+/g, ' ')).join('\n');
  const reason = `${indices.length} more invalid records of a message that has more than ${MAX_SINGLE_REJECTIONS}`;
  return { scope: 'rest', index: indices[0] ?? 0, count: indices.length, text, reason };
}
