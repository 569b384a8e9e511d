import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { chunksOf } from '../store/chunks.ts';
import type { QueueAccess } from '../store/queue-access.ts';
import { type Patience, retryBatch } from '../store/retry.ts';
import { leftUndone, MOST_MESSAGES } from '../store/sqs-batch.ts';
import type { QueuedMessage } from './queued-message.ts';

const ACTION = 'delete from the work queue';

/**
 * Deletes messages from the queue that they came from, before Lambda does.
 *
 * @throws {StoreError} where some are left
 */
export async function deleteMessages(
  { client, queueUrl }: QueueAccess,
  messages: readonly Pick<QueuedMessage, 'receiptHandle'>[],
  patience: Patience,
): Promise<void> {
  const remove = async (batch: typeof messages, abortSignal: AbortSignal) => {
    const Entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
    }));
    const request = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    const { Failed } = await client.send(request, { abortSignal });
    return leftUndone(batch, Failed, ACTION);
  };
  for (const chunk of chunksOf(messages, MOST_MESSAGES)) {
    const [undone] = await retryBatch(chunk, remove, ACTION, patience);
    if (undone !== undefined) throw undone.error;
  }
}
