import type { ResumePoint } from '../logs/resume-point.ts';
import { contentHash } from '../records/content-hash.ts';

/** A version of an object in S3. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** As S3 gives it, without the quotation marks. */
  readonly etag: string;
  /** In a bucket with versioning. */
  readonly versionId?: string | undefined;
}

/** An object that a notification was about, which states its size. */
export interface NotifiedObject extends ObjectVersion {
  readonly size?: number | undefined;
}

/**
 * - `reading`: a reader is at work, or a message that says so is on its way.
 * - `done`: all of it was read.
 * - `failed`: it can't be read, or not all of it; a message in the dead-letter queue says so too.
 * - `replaced`: another version took its place before it was read.
 */
export const OBJECT_STATES = ['reading', 'done', 'failed', 'replaced'] as const;

export type ObjectState = (typeof OBJECT_STATES)[number];

/** How far an object was read: everything up to there is in the work queue or the queue of rejected records. */
export interface ObjectProgress {
  /** Position of the last entry, and how many entries up to there share that position. */
  readonly position: number;
  readonly entries: number;
  /** Where reading continues in bytes; absent if the object has to be read from the beginning. */
  readonly resume?: ResumePoint;
  readonly counts: ObjectCounts;
}

/** Counts of the entries up to there; `read` is the sum of the others, except for messages and bytes. */
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

/** The state of an object. */
export interface LogObject extends NotifiedObject {
  readonly id: string;
  readonly state: ObjectState;
  /** When a notification of it first arrived, epoch milliseconds. */
  readonly notifiedAtMs: number;
  /** When its state or progress last changed, epoch milliseconds. */
  readonly updatedAtMs: number;
  /** Version of the packer that divided it into messages. */
  readonly packer: string;
  readonly progress: ObjectProgress;
  /** Deliveries that began to read since the last progress. */
  readonly attempts: number;
  /** When the current lease ends, epoch milliseconds; 0 without a lease. */
  readonly leaseUntilMs: number;
  readonly format?: string | undefined;
  /** Unit of the position: line, array element or row. */
  readonly unit?: string | undefined;
  /** One line: why it failed, or why reading last stopped. */
  readonly reason?: string | undefined;
}

/** Names a version of an object: notifications of the same version lead to the same name. */
export function logObjectId({ bucket, key, etag, versionId = '' }: ObjectVersion): string {
  return contentHash(JSON.stringify([bucket, key, etag, versionId]));
}
