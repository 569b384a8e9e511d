import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { QueueAccess } from './queue-access.ts';
import { toServiceError } from './service-error.ts';

const REQUEST_TIMEOUT_MS = 3_000;

/**
 * Sets the time in seconds after which a received message is delivered again, overriding the queue's visibility
 * timeout.
 *
 * @throws {ServiceError}
 */
export async function hideFor(
  { client, queueUrl }: QueueAccess,
  receiptHandle: string,
  seconds: number,
): Promise<void> {
  const request = new ChangeMessageVisibilityCommand({
    QueueUrl: queueUrl,
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: seconds,
  });
  try {
    await client.send(request, { abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  } catch (cause) {
    throw toServiceError(cause, 'make a message visible again');
  }
}
