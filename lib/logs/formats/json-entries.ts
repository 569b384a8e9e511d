import { parseRecord } from '../../records/connection-record.ts';
import { quote } from '../../records/describe-issues.ts';
import { parseJson } from '../../records/parse-json.ts';
import { eveFields } from '../../records/sensors/eve-fields.ts';
import type { Fields, Sensed } from '../../records/sensors/sensed.ts';
import { zeekFields } from '../../records/sensors/zeek-fields.ts';
import { sqsText } from '../../records/sqs-text.ts';
import type { LogEntry } from '../log-entry.ts';
import type { RecordText } from '../text-lines.ts';
import { sensedEntry } from './sensed-entry.ts';

/**
 * Reads a record of ours, or what the service takes for one, in the characters that a queue carries: the entry goes
 * on as it came.
 */
export function jsonEntry({ text: came, position }: RecordText): LogEntry {
  const text = sqsText(came);
  const json = parseJson(text);
  const parsed = json.ok ? parseRecord(json.value) : json;
  if (!parsed.ok) return { kind: 'invalid', position, text: came, reason: parsed.reason };
  const { record, canonical } = parsed;
  return { kind: 'connection', position, record, text, canonical };
}

/** Reads an entry of Zeek's `conn.log` written as JSON. */
export function zeekJsonEntry(entry: RecordText): LogEntry {
  return sensorEntry(entry, zeekFields);
}

/** Reads an event of Suricata's `eve.json`. */
export function eveEntry(entry: RecordText): LogEntry {
  return sensorEntry(entry, eveFields);
}

function sensorEntry(entry: RecordText, fieldsOf: (value: Fields) => Sensed): LogEntry {
  const { text, position } = entry;
  const json = parseJson(text);
  if (!json.ok) return { kind: 'invalid', position, text, reason: json.reason };
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'invalid', position, text, reason: `record: expected an object, got ${quote(value)}` };
  }
  return sensedEntry(entry, fieldsOf(value as Fields));
}
