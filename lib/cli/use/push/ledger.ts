import type { OutgoingRecord } from '../../../logs/outgoing-record.ts';
import type { PackedMessage } from '../../../logs/packing.ts';
import { contentHash } from '../../../records/content-hash.ts';

/** Data of a pushed record needed to find its result. */
export interface LedgerRecord {
  /** Position in the input, from 1. */
  readonly position: number;
  /** Hash of the canonical record; absent if it is not a record, which the service will report. */
  readonly identity?: string;
}

/** A message on the queue, with its SQS id and the hash that its items are stored under. */
export interface LedgerMessage {
  readonly messageId: string;
  readonly contentHash: string;
  readonly records: readonly LedgerRecord[];
}

export function ledgerMessage(
  { body, records }: PackedMessage<OutgoingRecord>,
  messageId: string,
): LedgerMessage {
  return {
    messageId,
    contentHash: contentHash(body),
    records: records.map(({ position, canonical }) =>
      canonical === undefined ? { position } : { position, identity: contentHash(canonical) },
    ),
  };
}
