import { DeleteMessageBatchCommand, type Message } from '@aws-sdk/client-sqs';
import { chunksOf } from '../../../aws/chunks.ts';
import type { QueueAccess } from '../../../aws/queue-access.ts';
import { type Attempt, retryBatch } from '../../../aws/retry.ts';
import { leftUndone } from '../../../aws/sqs-batch.ts';

const MESSAGES_PER_REQUEST = 10;
const PATIENCE_MS = 30_000;
const ACTION = 'delete from the queue';

/** @throws {ServiceError} if a message could not be deleted; it is still in the queue */
export async function deleteMessages(
  { client, queueUrl }: QueueAccess,
  messages: readonly Message[],
): Promise<void> {
  const remove = async (
    batch: readonly Message[],
    abortSignal: AbortSignal,
  ): Promise<Attempt<readonly Message[]>> => {
    const Entries = batch.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const request = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    const { Failed } = await client.send(request, { abortSignal });
    return leftUndone(batch, Failed, ACTION);
  };
  for (const chunk of chunksOf(messages, MESSAGES_PER_REQUEST)) {
    const [failure] = await retryBatch(chunk, remove, ACTION, { deadlineMs: Date.now() + PATIENCE_MS });
    if (failure !== undefined) throw failure.error;
  }
}
