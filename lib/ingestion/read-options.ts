import type { S3Client } from '@aws-sdk/client-s3';
import type { QueueAccess } from '../aws/queue-access.ts';
import type { ReadLimits } from '../logs/read-limits.ts';
import type { WindowSize } from '../logs/windows.ts';
import type { IsLocal } from '../records/locality.ts';
import type { NotifiedObject } from '../store/log-object.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { LogSourceSettings } from './log-sources.ts';

/** An invocation's time for an object; all epoch milliseconds. */
export interface Slice {
  /** Identifies the invocation. */
  readonly owner: string;
  /** No new window is started after this time. */
  readonly endMs: number;
  /** Reading and sending are aborted at this time. */
  readonly deadlineMs: number;
  /** By this time the process is certainly gone. */
  readonly leaseUntilMs: number;
}

export interface ReadObjectOptions {
  readonly s3: S3Client;
  readonly table: TableAccess;
  readonly workQueue: QueueAccess;
  readonly rejectedQueue: QueueAccess;
  readonly sources: readonly LogSourceSettings[];
  readonly isLocal: IsLocal;
  /** Everything besides the object that messages depend on. */
  readonly packer: string;
  readonly retentionSeconds: number;
  readonly limits: ReadLimits;
  readonly windowSize?: WindowSize;
  readonly slice: Slice;
  readonly now: () => number;
  /** Has another invocation continue the object. */
  readonly sendOn: (object: NotifiedObject) => Promise<void>;
  /** Sends the object to the dead-letter queue, for a human. */
  readonly putAside: (object: NotifiedObject, reason: string) => Promise<void>;
}
