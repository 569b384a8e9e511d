import type { Message } from '@aws-sdk/client-sqs';

/** A message in the rejected or the dead-letter queue, as the commands show it. */
export interface QueueEntry {
  readonly id: string;
  /** When it came to the queue that it came from, epoch milliseconds. */
  readonly sentAtMs: number;
  readonly body: string;
  /** Set where the service rejected it. */
  readonly rejection?: {
    readonly reason: string;
    readonly sourceMessageId: string;
    readonly index: number;
    readonly scope: string;
    /** Invalid records that the text holds. */
    readonly count: number;
    readonly part: number;
    readonly parts: number;
  };
}

export function queueEntry({
  MessageId = '',
  Body = '',
  Attributes,
  MessageAttributes = {},
}: Message): QueueEntry {
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  const reason = attribute('reason');
  return {
    id: MessageId,
    sentAtMs: Number(Attributes?.SentTimestamp ?? 0),
    body: Body,
    ...(reason !== undefined && {
      rejection: {
        reason,
        sourceMessageId: attribute('source_message_id') ?? '',
        index: Number(attribute('index') ?? 0),
        scope: attribute('scope') ?? 'record',
        count: Number(attribute('count') ?? 1),
        part: Number(attribute('part') ?? 1),
        parts: Number(attribute('parts') ?? 1),
      },
    }),
  };
}
