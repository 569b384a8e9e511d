import type { Alert } from './alert.ts';
import { concatenatedObjects, hasSeam, objectBeforeComma } from './concatenated-json.ts';
import { type ConnectionRecord, type ParsedRecord, parseRecord, parseSensed } from './connection-record.ts';
import { knownProblemOfText } from './envelopes/envelope-names.ts';
import { openEnvelope, type Unwrapped } from './envelopes/open-envelope.ts';
import { arrayElements } from './json-elements.ts';
import { type ParsedJson, parseJson } from './parse-json.ts';
import { vpcLineFields } from './sensors/vpc-lines.ts';

/** A valid record with its place in the message. */
export interface AcceptedRecord {
  readonly record: ConnectionRecord;
  /** Canonical text: equal texts are the same record. */
  readonly canonical: string;
  /** Index among the message's records from 0, as in `RejectedRecord`. */
  readonly index: number;
}

/** An invalid part of a message, verbatim, with its place and a one-line reason. */
export interface RejectedRecord {
  /**
   * `record`: one record. `rest`: all invalid records from `index` on, one a line, if there are too many to pass on
   * singly. `body`: the whole body, if it holds no JSON object.
   */
  readonly scope: 'record' | 'rest' | 'body';
  /** Index among the message's records from 0, not counting blank lines; 0 if the whole body is rejected. */
  readonly index: number;
  /** Number of lines or elements in a `rest` or a `body`; absent means one. */
  readonly count?: number;
  readonly text: string;
  readonly reason: string;
}

export interface DecodedBody {
  readonly accepted: readonly AcceptedRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** Entries that are not connections, counted by kind; these are no errors. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Alerts on connections, from the skipped entries. */
  readonly alerts: readonly Alert[];
  /** Returns a record's original text by its index. */
  readonly textOf: (index: number) => string;
}

/**
 * Invalid records of one message that are passed on one by one. The rest goes as one text, so a garbage message does
 * not become thousands.
 */
const MAX_SINGLE_REJECTIONS = 1_000;

/** Kinds of skipped entries counted by name: each is stored in the message's statistics. */
const MAX_KINDS = 8;
const OTHER_KINDS = 'others';

/**
 * Decodes a message body: one record, a JSON array of records, newline-delimited or concatenated JSON, or the envelopes
 * of services and shippers. Blank lines are ignored. A body without any JSON object is rejected whole; otherwise each
 * invalid record is rejected alone and the others are kept.
 */
export function decodeBody(body: string): DecodedBody {
  const reading = new BodyReading(entriesOf(body));
  const { hasObject, hasOther, accepted, rejected, skipped, alerts, length } = reading;
  // A single JSON value may be a malformed record. Text, or several values of which none is an object, cannot be.
  if (!hasObject && (hasOther || length > 1)) {
    return rejectedWhole(body, length, rejected, hasOther);
  }
  return {
    accepted,
    rejected: reading.allRejected(),
    skipped,
    alerts,
    textOf: (index) => reading.textOf(index),
  };
}

/** Reads the entries of a body one by one, replacing envelopes by their contents. */
class BodyReading {
  readonly accepted: AcceptedRecord[] = [];
  readonly rejected: RejectedRecord[] = [];
  readonly skipped = new Map<string, number>();
  readonly alerts: Alert[] = [];
  hasObject = false;
  hasOther = false;
  readonly #entries: Entries;
  readonly #rest: number[] = [];
  /** Each record's text, or the number of its entry in the body; filled once an envelope has been opened. */
  #origins: (number | string)[] | undefined;
  #index = 0;

  constructor(entries: Entries) {
    this.#entries = entries;
    for (let index = 0; index < entries.length; index++) this.#read(index);
  }

  /** Number of records, including those in envelopes. */
  get length(): number {
    return this.#index;
  }

  textOf(index: number): string {
    const origin = this.#origins === undefined ? index : (this.#origins[index] ?? '');
    return typeof origin === 'string' ? origin : this.#entries.textOf(origin);
  }

  allRejected(): readonly RejectedRecord[] {
    if (this.#rest.length === 0) return this.rejected;
    return [...this.rejected, rejectedRest(this.#rest, (index) => this.textOf(index))];
  }

  #read(place: number): void {
    const { entryAt, textOf } = this.#entries;
    // Beyond the limit no reasons are needed, so checking that it looks like an entry is enough.
    if (this.rejected.length >= MAX_SINGLE_REJECTIONS && !looksLikeEntry(textOf(place))) {
      this.#rest.push(this.#place(place));
      return;
    }
    const entry = entryAt(place);
    if (!entry.ok) {
      const text = textOf(place);
      const flow = vpcLineFields(text);
      if (flow === undefined) this.hasOther = true;
      else this.hasObject = true;
      const problem = knownProblemOfText(text);
      const invalid = problem === undefined ? entry : { ok: false as const, reason: `record: ${problem}` };
      this.#add(flow === undefined ? invalid : parseSensed(flow), place);
      return;
    }
    const parsed = parseRecord(entry.value);
    const held = parsed.ok || parsed.skipped !== undefined ? undefined : openEnvelope(entry.value);
    this.hasObject ||= isObject(entry.value) || held !== undefined;
    if (held === undefined || held.length === 0) this.#add(parsed, place);
    else for (const each of held) this.#addUnwrapped(each, place, held.length > 1);
  }

  #add(parsed: ParsedRecord, origin: number | string): void {
    const index = this.#place(origin);
    if (parsed.ok) this.accepted.push({ record: parsed.record, canonical: parsed.canonical, index });
    else if (parsed.skipped !== undefined) this.#skip(parsed.skipped, parsed.alert);
    else this.#reject(index, parsed.reason);
  }

  #addUnwrapped(held: Unwrapped, place: number, isOneOfMany: boolean): void {
    switch (held.kind) {
      case 'record':
        this.#add({ ok: true, ...held }, isOneOfMany ? held.canonical : place);
        break;
      case 'skipped':
        this.#place('');
        this.#skip(held.what, held.alert);
        break;
      case 'invalid':
        this.#reject(this.#place(held.text ?? place), held.reason);
    }
  }

  #skip(what: string, alert: Alert | undefined): void {
    if (alert !== undefined) this.alerts.push(alert);
    const kind = this.skipped.size < MAX_KINDS || this.skipped.has(what) ? what : OTHER_KINDS;
    this.skipped.set(kind, (this.skipped.get(kind) ?? 0) + 1);
  }

  #reject(index: number, reason: string): void {
    if (this.rejected.length >= MAX_SINGLE_REJECTIONS) this.#rest.push(index);
    else this.rejected.push({ scope: 'record', index, text: this.textOf(index), reason });
  }

  /** @returns the next record's index; its text is kept if it differs from the entry of that number */
  #place(origin: number | string): number {
    const index = this.#index++;
    if (this.#origins === undefined && origin !== index) {
      this.#origins = Array.from({ length: index }, (_, before) => before);
    }
    this.#origins?.push(origin);
    return index;
  }
}

interface Entries {
  readonly length: number;
  readonly entryAt: (index: number) => ParsedJson;
  /** An entry's original text. */
  readonly textOf: (index: number) => string;
}

function entriesOf(body: string): Entries {
  const whole = parseJson(body);
  if (!whole.ok) {
    const lines = linesOf(body);
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

/** The lines of a body, or its objects if they span several lines or share one. */
function linesOf(body: string): readonly string[] {
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  const isSpread = lines[0]?.trim() === '{';
  return (isSpread ? concatenatedObjects(body) : undefined) ?? lines.flatMap(objectsOf);
}

function objectsOf(line: string): readonly string[] {
  const object = objectBeforeComma(line);
  if (object !== undefined) return [object];
  return (hasSeam(line) && !parseJson(line).ok ? concatenatedObjects(line) : undefined) ?? [line];
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, or a flow log line. */
function looksLikeEntry(text: string): boolean {
  return /^\s*[{\d]/.test(text);
}

function rejectedWhole(
  body: string,
  count: number,
  singles: readonly RejectedRecord[],
  isText: boolean,
): DecodedBody {
  const known = knownProblemOfText(body);
  const why = singles[0]?.reason;
  const reason =
    known === undefined ? ((isText ? why : undefined) ?? 'body: holds no JSON object') : `body: ${known}`;
  return {
    accepted: [],
    skipped: new Map(),
    alerts: [],
    rejected: [{ scope: 'body', index: 0, ...(count > 1 && { count }), text: body, reason }],
    textOf: () => body,
  };
}

function rejectedRest(indices: readonly number[], textOf: DecodedBody['textOf']): RejectedRecord {
  // An array element may span lines. JSON strings hold no line breaks, so joining is safe.
  const text = indices.map((index) => textOf(index).replaceAll(/[\r\n]+/g, ' ')).join('\n');
  const reason = `${indices.length} more invalid records of a message that has more than ${MAX_SINGLE_REJECTIONS}`;
  return { scope: 'rest', index: indices[0] ?? 0, count: indices.length, text, reason };
}
