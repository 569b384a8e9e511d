import type { S3Client } from '@aws-sdk/client-s3';
import type { QueueAccess } from '../aws/queue-access.ts';
import type { ReadLimits } from '../logs/read-limits.ts';
import type { WindowSize } from '../logs/windows.ts';
import type { IsLocal } from '../records/locality.ts';
import type { NotifiedObject } from '../store/log-object.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { LogSourceSettings } from './log-sources.ts';

/** The time that an invocation gives to an object; all epoch milliseconds. */
export interface Slice {
  /** Names the invocation. */
  readonly owner: string;
  /** When no other window is begun. */
  readonly endMs: number;
  /** When reading and sending end, wherever they are. */
  readonly deadlineMs: number;
  /** When the process is certainly gone. */
  readonly leaseUntilMs: number;
}

export interface ReadObjectOptions {
  readonly s3: S3Client;
  readonly table: TableAccess;
  readonly workQueue: QueueAccess;
  readonly rejectedQueue: QueueAccess;
  readonly sources: readonly LogSourceSettings[];
  readonly isLocal: IsLocal;
  /** All that messages depend on beside the object. */
  readonly packer: string;
  readonly retentionSeconds: number;
  readonly limits: ReadLimits;
  readonly windowSize?: WindowSize;
  readonly slice: Slice;
  readonly now: () => number;
  /** Has the object read on by another invocation. */
  readonly sendOn: (object: NotifiedObject) => Promise<void>;
  /** Puts the object aside for a human. */
  readonly putAside: (object: NotifiedObject, reason: string) => Promise<void>;
}
