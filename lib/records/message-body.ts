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
  /** A body is rejected whole where nothing in it is JSON; its records, if it has any, can't be told apart. */
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
 * records. A body in which nothing is JSON is rejected whole; elsewhere each invalid record is rejected
 * alone and its neighbours are kept.
 */
export function decodeBody(body: string): DecodedBody {
  const whole = parseJson(body);
  if (whole.ok) return decodeJson(body, whole.value);
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  const decoded = new BodyDecoder();
  let jsonLines = 0;
  for (const line of lines) {
    const parsed = parseJson(line);
    if (parsed.ok) jsonLines++;
    decoded.add(parsed, () => line);
  }
  if (jsonLines > 0) return decoded;
  return { accepted: [], rejected: [{ scope: 'body', index: 0, text: body, reason: whole.reason }] };
}

function decodeJson(body: string, value: unknown): DecodedBody {
  const decoded = new BodyDecoder();
  if (!Array.isArray(value)) {
    decoded.add({ ok: true, value }, () => body);
    return decoded;
  }
  let texts: string[] | undefined;
  for (const [index, element] of value.entries()) {
    decoded.add({ ok: true, value: element }, () => {
      texts ??= arrayElements(body);
      return texts[index] ?? JSON.stringify(element);
    });
  }
  return decoded;
}

type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

class BodyDecoder implements DecodedBody {
  readonly accepted: AcceptedRecord[] = [];
  readonly rejected: RejectedRecord[] = [];

  /** @param verbatim gives the text as it came; asked only for rejected records */
  add(json: Json, verbatim: () => string): void {
    const parsed = json.ok ? parseRecord(json.value) : json;
    if (parsed.ok) {
      this.accepted.push({ record: parsed.record, canonical: parsed.canonical });
      return;
    }
    const index = this.accepted.length + this.rejected.length;
    this.rejected.push({ scope: 'record', index, text: verbatim(), reason: parsed.reason });
  }
}

function parseJson(text: string): Json {
  try {
    return {
      ok: true,
      value: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) as unknown,
    };
  } catch (error) {
    return { ok: false, reason: `not JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}` };
  }
}
