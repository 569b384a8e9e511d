import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { QueueAccess } from './queue-access.ts';

/** Sends one request. */
export async function sendBatch(
  { client, queueUrl }: QueueAccess,
  Entries: SendMessageBatchRequestEntry[],
  abortSignal: AbortSignal,
) {
  return await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }), { abortSignal });
}
