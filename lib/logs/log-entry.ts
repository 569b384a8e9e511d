import type { Alert } from '../records/alert.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';

/** A connection, as a record. */
export interface ConnectionEntry {
  readonly kind: 'connection';
  /** Place in the input, from 1. */
  readonly position: number;
  readonly record: ConnectionRecord;
  /** The record as JSON: canonical where it was made from a sensor's entry, else as it came. */
  readonly text: string;
  readonly canonical: string;
}

/** An entry that is no connection, which is as it should be: an event of another type, a gap in the capture. */
export interface SkippedEntry {
  readonly kind: 'skipped';
  readonly position: number;
  /** The sensor's own word for it: `alert`, `dns`, `NODATA`. */
  readonly what: string;
  /** What it says of a connection. */
  readonly alert?: Alert;
}

/** An entry that should be a connection and is not a valid one. */
export interface InvalidEntry {
  readonly kind: 'invalid';
  readonly position: number;
  /** The entry as it came. */
  readonly text: string;
  /** One line. */
  readonly reason: string;
}

/** What an entry of a log turned out to be. Lines that hold none (blank ones, headers, comments) are not counted. */
export type LogEntry = ConnectionEntry | SkippedEntry | InvalidEntry;
