import type { Alert } from '../../records/alert.ts';
import { type ParsedRecord, parseSensed } from '../../records/connection-record.ts';
import type { Sensed } from '../../records/sensors/sensed.ts';
import type { LogEntry, SkippedEntry } from '../log-entry.ts';
import type { RecordText } from '../text-lines.ts';

/** Validates what a sensor's entry stands for; the record's canonical text is forwarded. */
export function sensedEntry(line: RecordText, sensed: Sensed): LogEntry {
  return parsedEntry(line, parseSensed(sensed));
}

/** @returns undefined if the entry should have been a connection */
export function skippedEntry(
  position: number,
  { skipped, alert }: { readonly skipped?: string; readonly alert?: Alert },
): SkippedEntry | undefined {
  if (skipped === undefined) return undefined;
  return { kind: 'skipped', position, what: skipped, ...(alert !== undefined && { alert }) };
}

/** Converts a parsed entry. */
export function parsedEntry({ text, position }: RecordText, parsed: ParsedRecord): LogEntry {
  if (parsed.ok) {
    const { record, canonical } = parsed;
    return { kind: 'connection', position, record, text: canonical, canonical };
  }
  return skippedEntry(position, parsed) ?? { kind: 'invalid', position, text, reason: parsed.reason };
}
