import { parseFields } from '../../records/connection-record.ts';
import type { Sensed } from '../../records/sensors/sensed.ts';
import type { LogEntry } from '../log-entry.ts';
import type { RecordText } from '../text-lines.ts';

/** Judges what a sensor's entry stands for; the record's canonical text is what goes on. */
export function sensedEntry({ text, position }: RecordText, sensed: Sensed): LogEntry {
  if (sensed.kind === 'other') return { kind: 'skipped', position, what: sensed.what };
  const parsed = parseFields(sensed.fields);
  if (!parsed.ok) return { kind: 'invalid', position, text, reason: parsed.reason };
  const { record, canonical } = parsed;
  return { kind: 'connection', position, record, text: canonical, canonical };
}
