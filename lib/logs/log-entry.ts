import type { Alert } from '../records/alert.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';

/** A connection, as a record. */
export interface ConnectionEntry {
  readonly kind: 'connection';
  /** Place in the input, from 1. */
  readonly position: number;
  readonly record: ConnectionRecord;
  /** The record as JSON: canonical if made from a sensor's entry, else unchanged. */
  readonly text: string;
  readonly canonical: string;
}

/** An entry that is not a connection, which is no error: an event of another type, a gap in the capture. */
export interface SkippedEntry {
  readonly kind: 'skipped';
  readonly position: number;
  /** The sensor's own word for it: `alert`, `dns`, `NODATA`. */
  readonly what: string;
  /** An alert on a connection, if the entry is one. */
  readonly alert?: Alert;
}

/** An entry that should be a connection but is not a valid one. */
export interface InvalidEntry {
  readonly kind: 'invalid';
  readonly position: number;
  /** The original entry. */
  readonly text: string;
  /** One line. */
  readonly reason: string;
}

/** The result of reading one entry of a log. Lines without entries (blank lines, headers, comments) are not counted. */
export type LogEntry = ConnectionEntry | SkippedEntry | InvalidEntry;
