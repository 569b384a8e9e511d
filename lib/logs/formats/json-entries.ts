import { concatenatedObjects, objectBeforeComma } from '../../records/concatenated-json.ts';
import { parseRecord } from '../../records/connection-record.ts';
import { quote } from '../../records/describe-issues.ts';
import { openEnvelope, type Unwrapped } from '../../records/envelopes/open-envelope.ts';
import { type ParsedJson, parseJson } from '../../records/parse-json.ts';
import { eveFields, isEveEvent } from '../../records/sensors/eve-fields.ts';
import type { Fields, Sensed } from '../../records/sensors/sensed.ts';
import { vpcLineFields } from '../../records/sensors/vpc-lines.ts';
import { isZeekEntry, zeekFields } from '../../records/sensors/zeek-fields.ts';
import { sqsText } from '../../records/sqs-text.ts';
import type { LogEntry } from '../log-entry.ts';
import type { RecordText } from '../text-lines.ts';
import { sensedEntry, skippedEntry } from './sensed-entry.ts';

/** What a log's text holds: usually one entry, several if it is an envelope. */
export type Entries = LogEntry | readonly LogEntry[];

/**
 * Reads one of our records, or anything the service accepts as one, escaped for the queue. An entry is forwarded
 * unchanged, an envelope's contents without the envelope.
 */
export function jsonEntry({ text: came, position }: RecordText): Entries {
  const text = sqsText(came);
  const json = parseJson(text);
  if (!json.ok) {
    const flow = vpcLineFields(text);
    if (flow !== undefined) return sensedEntry({ text: came, position }, flow);
    return withoutLineEnds({ text: came, position }, json.reason, jsonEntry);
  }
  const parsed = parseRecord(json.value);
  if (parsed.ok)
    return { kind: 'connection', position, record: parsed.record, text, canonical: parsed.canonical };
  return (
    skippedEntry(position, parsed) ??
    opened({ text: came, position }, json.value) ?? {
      kind: 'invalid',
      position,
      text: came,
      reason: parsed.reason,
    }
  );
}

type ReadText = (entry: RecordText) => Entries;

/** Reads an entry of Zeek's `conn.log` written as JSON. */
export function zeekJsonEntry(entry: RecordText): Entries {
  return sensorEntry(entry, isZeekEntry, zeekFields);
}

/** Reads an event of Suricata's `eve.json`. */
export function eveEntry(entry: RecordText): Entries {
  return sensorEntry(entry, isEveEvent, eveFields);
}

/** Like {@link zeekJsonEntry}, but also accepts anything else a message may hold: logs get concatenated. */
export function zeekJsonAmongOthers(entry: RecordText): Entries {
  return sensorEntry(entry, isZeekEntry, zeekFields, jsonEntry);
}

/** Like {@link eveEntry}, but also accepts anything else a message may hold. */
export function eveAmongOthers(entry: RecordText): Entries {
  return sensorEntry(entry, isEveEvent, eveFields, jsonEntry);
}

function sensorEntry(
  entry: RecordText,
  isTheirs: (value: Fields) => boolean,
  fieldsOf: (value: Fields) => Sensed,
  other?: ReadText,
): Entries {
  const { text, position } = entry;
  const json = parseJson(text);
  if (!json.ok) {
    return other === undefined
      ? withoutLineEnds(entry, json.reason, (each) => sensorEntry(each, isTheirs, fieldsOf))
      : other(entry);
  }
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'invalid', position, text, reason: `record: expected an object, got ${quote(value)}` };
  }
  const fields = value as Fields;
  if (isTheirs(fields)) return sensedEntry(entry, fieldsOf(fields));
  return other?.(entry) ?? opened(entry, value) ?? sensedEntry(entry, fieldsOf(fields));
}

/** Reads a line that is not JSON by itself: it may be several objects in a row. */
function withoutLineEnds(
  { text, position }: RecordText,
  reason: Extract<ParsedJson, { ok: false }>['reason'],
  read: ReadText,
): Entries {
  const object = objectBeforeComma(text);
  if (object !== undefined) return read({ text: object, position });
  const texts = concatenatedObjects(text);
  if (texts === undefined) return { kind: 'invalid', position, text, reason };
  return texts.flatMap((each) => read({ text: each, position }));
}

/** Reads the envelopes of services and shippers. */
function opened({ text, position }: RecordText, value: unknown): readonly LogEntry[] | undefined {
  return openEnvelope(value)?.map((held) => heldEntry(held, text, position));
}

function heldEntry(held: Unwrapped, envelope: string, position: number): LogEntry {
  switch (held.kind) {
    case 'record':
      return {
        kind: 'connection',
        position,
        record: held.record,
        text: sqsText(held.canonical),
        canonical: held.canonical,
      };
    case 'skipped':
      return {
        kind: 'skipped',
        position,
        what: held.what,
        ...(held.alert !== undefined && { alert: held.alert }),
      };
    case 'invalid':
      return { kind: 'invalid', position, text: held.text ?? envelope, reason: held.reason };
  }
}
