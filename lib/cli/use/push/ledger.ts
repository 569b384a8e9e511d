import type { OutgoingRecord } from '../../../logs/outgoing-record.ts';
import type { PackedMessage } from '../../../logs/packing.ts';
import { contentHash } from '../../../records/content-hash.ts';

/** What must be known of a pushed record to find out what became of it. */
export interface LedgerRecord {
  /** Place in the input, from 1. */
  readonly position: number;
  /** Hash of the canonical record; absent if it is none, which the service is left to say. */
  readonly identity?: string;
}

/** A message on the queue, by the id that SQS gave it and the hash under which its items are stored. */
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
