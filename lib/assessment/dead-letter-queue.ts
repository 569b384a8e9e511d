import { type MessageAttributeValue, SendMessageCommand } from '@aws-sdk/client-sqs';
import { numberAttribute, stringAttribute } from '../aws/message-attributes.ts';
import type { QueueAccess } from '../aws/queue-access.ts';
import { type Patience, retry } from '../aws/retry.ts';
import { MOST_BYTES } from '../aws/sqs-batch.ts';
import { sqsText } from '../records/sqs-text.ts';
import { originOf, type QueuedMessage } from './queued-message.ts';

/** Upper bound for the size of the attributes. */
const ATTRIBUTE_BYTES = 4_096;
const REASON_LENGTH = 500;

/** Why a message is given up. */
export interface DeathCause {
  readonly reason: string;
  /** Attempts that count against it. */
  readonly attempts: number;
}

/**
 * Sends a message to the dead-letter queue, its body verbatim, with the attributes `reason`, `attempts`,
 * `source_message_id` and `sent_at` (when it was first sent, epoch milliseconds). If the body leaves no room, the
 * attributes are omitted. A crash can make it appear there twice.
 *
 * @throws {ServiceError}
 */
export async function sendDeadLetter(
  { client, queueUrl }: QueueAccess,
  message: QueuedMessage,
  cause: DeathCause,
  patience: Patience,
): Promise<void> {
  const hasRoom = Buffer.byteLength(message.body) + ATTRIBUTE_BYTES <= MOST_BYTES;
  const request = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: message.body,
    ...(hasRoom && { MessageAttributes: attributesOf(message, cause) }),
  });
  const send = async (_: undefined, abortSignal: AbortSignal) => {
    await client.send(request, { abortSignal });
    return undefined;
  };
  const outcome = await retry<undefined>(undefined, send, 'send to the dead-letter queue', patience);
  if (outcome !== undefined) throw outcome.error;
}

function attributesOf(
  message: QueuedMessage,
  { reason, attempts }: DeathCause,
): Record<string, MessageAttributeValue> {
  const { messageId, sentAtMs } = originOf(message);
  return {
    reason: stringAttribute(sqsText(reason.slice(0, REASON_LENGTH))),
    attempts: numberAttribute(attempts),
    source_message_id: stringAttribute(messageId),
    sent_at: numberAttribute(sentAtMs),
  };
}
