import type { Message } from '@aws-sdk/client-sqs';
import type { RejectedInput } from '../../results/run-result.ts';
import type { LedgerMessage } from '../push/ledger.ts';

/**
 * Finds the pushed records that are in the rejected queue. An entry is identified by source message and index, since it
 * may be there twice. A body rejected whole stands for all records sent in it, a rest for all invalid records from its
 * index on.
 */
export function rejectedInputs(
  queued: readonly Message[],
  messages: readonly LedgerMessage[],
): Map<LedgerMessage, Map<number, RejectedInput>> {
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  const found = new Map<LedgerMessage, Map<number, RejectedInput>>();
  for (const { MessageAttributes = {} } of queued) {
    const attribute = (name: string) => MessageAttributes[name]?.StringValue ?? '';
    const message = byId.get(attribute('source_message_id'));
    if (message === undefined) continue;
    const places = found.get(message) ?? new Map<number, RejectedInput>();
    found.set(message, places);
    const scope = attribute('scope');
    const first = Number(attribute('index'));
    const last = scope === 'record' ? first : message.records.length - 1;
    for (let index = first; index <= last; index++) {
      const record = message.records[index];
      if (record === undefined || (scope === 'rest' && record.identity !== undefined)) continue;
      places.set(index, { position: record.position, reason: attribute('reason') });
    }
  }
  return found;
}
