import type { Message } from '@aws-sdk/client-sqs';
import type { QueueAccess } from '../../../aws/queue-access.ts';
import { ReceivedMessages } from './received-messages.ts';

/**
 * Reads messages of a queue and leaves them there.
 *
 * @param limit maximum number of messages
 */
export async function peekQueue(queue: QueueAccess, limit = Number.POSITIVE_INFINITY): Promise<Message[]> {
  return await ReceivedMessages.use(queue, async (received) => {
    const messages: Message[] = [];
    for await (const batch of received.batches()) {
      messages.push(...batch);
      if (messages.length >= limit) break;
    }
    return messages.slice(0, limit);
  });
}

/** Looks for one message; undefined if it is not there or another consumer holds it. */
export async function findMessage(queue: QueueAccess, id: string): Promise<Message | undefined> {
  return await ReceivedMessages.use(queue, async (received) => {
    for await (const batch of received.batches()) {
      const found = batch.find(({ MessageId }) => MessageId === id);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}
