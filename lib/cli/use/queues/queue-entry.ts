import type { Message } from '@aws-sdk/client-sqs';
import type { QueueEntry } from '../../results/queue-entry.ts';

/** Parses a message of such a queue. */
export function queueEntry({
  MessageId = '',
  Body = '',
  Attributes,
  MessageAttributes = {},
}: Message): QueueEntry {
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  const reason = attribute('reason');
  const attempts = attribute('attempts');
  const sourceMessageId = attribute('source_message_id') ?? '';
  const common = { id: MessageId, sentAtMs: Number(Attributes?.SentTimestamp ?? 0), body: Body };
  if (reason !== undefined && attempts !== undefined) {
    return { ...common, death: { reason, attempts: Number(attempts), sourceMessageId } };
  }
  return {
    ...common,
    ...(reason !== undefined && {
      rejection: {
        reason,
        sourceMessageId,
        index: Number(attribute('index') ?? 0),
        scope: attribute('scope') ?? 'record',
        count: Number(attribute('count') ?? 1),
        part: Number(attribute('part') ?? 1),
        parts: Number(attribute('parts') ?? 1),
      },
    }),
  };
}
