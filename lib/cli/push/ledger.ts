import type { PreparedRecord } from './prepare-record.ts';

/** What must be known of a pushed record to find out what became of it. */
export type LedgerRecord = Pick<PreparedRecord, 'position' | 'identity'>;

/** A message on the queue, by the id that SQS gave it and the hash under which its items are stored. */
export interface LedgerMessage {
  readonly messageId: string;
  readonly contentHash: string;
  readonly records: readonly LedgerRecord[];
}
