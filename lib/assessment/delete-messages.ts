import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { chunksOf } from '../aws/chunks.ts';
import type { QueueAccess } from '../aws/queue-access.ts';
import { type Patience, retryBatch, type Undone } from '../aws/retry.ts';
import { leftUndone, MOST_MESSAGES } from '../aws/sqs-batch.ts';
import { workThrough } from '../aws/worker-pool.ts';
import type { QueuedMessage } from './queued-message.ts';

const ACTION = 'delete from the work queue';

/** Requests in flight. */
const CONCURRENCY = 8;

/**
 * Deletes messages from the queue they came from, before Lambda does.
 *
 * @returns the messages that may still be there, with the reason
 */
export async function deleteMessages<Message extends Pick<QueuedMessage, 'receiptHandle'>>(
  { client, queueUrl }: QueueAccess,
  messages: readonly Message[],
  patience: Patience,
): Promise<Undone<Message>[]> {
  const undone: Undone<Message>[] = [];
  const remove = async (batch: readonly Message[], abortSignal: AbortSignal) => {
    const Entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
    }));
    const request = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    const { Failed } = await client.send(request, { abortSignal });
    return leftUndone(batch, Failed, ACTION);
  };
  await workThrough(chunksOf(messages, MOST_MESSAGES), CONCURRENCY, async (chunk) => {
    undone.push(...(await retryBatch(chunk, remove, ACTION, patience)));
  });
  return undone;
}
