import type { ResumePoint } from '../logs/resume-point.ts';
import { contentHash } from '../records/content-hash.ts';

/** A version of an object in S3. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** As S3 gives it, without the quotation marks. */
  readonly etag: string;
  /** Of a bucket that keeps versions. */
  readonly versionId?: string | undefined;
}

/** One that a notification was about, which says how large it is. */
export interface NotifiedObject extends ObjectVersion {
  readonly size?: number | undefined;
}

/**
 * - `reading`: somebody reads it, or a message that says so is on its way.
 * - `done`: all of it was read.
 * - `failed`: it can't be read, or not all of it; a message in the dead-letter queue says so too.
 * - `replaced`: another version took its place before it was read.
 */
export const OBJECT_STATES = ['reading', 'done', 'failed', 'replaced'] as const;

export type ObjectState = (typeof OBJECT_STATES)[number];

/** How far an object was read: everything up to there is on the work queue, or in the queue of rejected records. */
export interface ObjectProgress {
  /** Place of the last entry, and how many entries up to there have that place. */
  readonly position: number;
  readonly entries: number;
  /** Where its bytes are read on; absent where the object has to be read from its beginning. */
  readonly resume?: ResumePoint;
  readonly counts: ObjectCounts;
}

/** What the entries up to there were; `read` is the sum of the others but for messages and bytes. */
export interface ObjectCounts {
  readonly read: number;
  readonly sent: number;
  readonly invalid: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly bytes: number;
}

export const NOTHING_READ: ObjectProgress = {
  position: 0,
  entries: 0,
  counts: { read: 0, sent: 0, invalid: 0, skipped: {}, messages: 0, bytes: 0 },
};

/** What the table knows of an object. */
export interface LogObject extends NotifiedObject {
  readonly id: string;
  readonly state: ObjectState;
  /** When a notification of it first came, epoch milliseconds. */
  readonly notifiedAtMs: number;
  /** When its state or progress last changed, epoch milliseconds. */
  readonly updatedAtMs: number;
  /** Of what cut it into messages. */
  readonly packer: string;
  readonly progress: ObjectProgress;
  /** Deliveries that began to read since there was progress. */
  readonly attempts: number;
  /** Until when somebody has it to himself, epoch milliseconds; 0 for nobody. */
  readonly leaseUntilMs: number;
  readonly format?: string | undefined;
  /** What a place is: a line, an element, a row. */
  readonly unit?: string | undefined;
  /** One line: why it failed, or why it was last read no further. */
  readonly reason?: string | undefined;
}

/** Names a version of an object: whoever is notified of the same comes to the same. */
export function logObjectId({ bucket, key, etag, versionId = '' }: ObjectVersion): string {
  return contentHash(JSON.stringify([bucket, key, etag, versionId]));
}
