import { type ParsedRecord, parseSensed } from '../../records/connection-record.ts';
import type { Sensed } from '../../records/sensors/sensed.ts';
import type { LogEntry } from '../log-entry.ts';
import type { RecordText } from '../text-lines.ts';

/** Judges what a sensor's entry stands for; the record's canonical text is what goes on. */
export function sensedEntry(line: RecordText, sensed: Sensed): LogEntry {
  return parsedEntry(line, parseSensed(sensed));
}

/** An entry as it was understood. */
export function parsedEntry({ text, position }: RecordText, parsed: ParsedRecord): LogEntry {
  if (parsed.ok) {
    const { record, canonical } = parsed;
    return { kind: 'connection', position, record, text: canonical, canonical };
  }
  const { skipped, reason } = parsed;
  return skipped === undefined
    ? { kind: 'invalid', position, text, reason }
    : { kind: 'skipped', position, what: skipped };
}
