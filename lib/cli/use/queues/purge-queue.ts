import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import type { QueueAccess } from '../../../aws/queue-access.ts';
import { toServiceError } from '../../../aws/service-error.ts';

/**
 * Deletes everything in a queue. SQS takes up to a minute, and rejects another purge within that time.
 *
 * @throws {ServiceError}
 */
export async function purgeQueue({ client, queueUrl }: QueueAccess): Promise<void> {
  try {
    await client.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  } catch (cause) {
    throw toServiceError(cause, 'empty the queue');
  }
}
