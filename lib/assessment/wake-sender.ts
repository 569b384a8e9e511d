import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { QueueAccess } from '../aws/queue-access.ts';
import { type Patience, retry } from '../aws/retry.ts';
import type { ServiceError } from '../aws/service-error.ts';

/**
 * Invokes the function that sends announcements, so that they don't wait for its next scheduled run.
 *
 * @param announcements how many are new in the outbox
 * @returns why it could not be invoked; the outbox is then sent within a minute
 */
export async function wakeSender(
  { client, queueUrl }: QueueAccess,
  announcements: number,
  patience: Patience,
): Promise<ServiceError | undefined> {
  const request = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: JSON.stringify({ announcements }),
  });
  const send = async (_: undefined, abortSignal: AbortSignal) => {
    await client.send(request, { abortSignal });
    return undefined;
  };
  return (await retry<undefined>(undefined, send, 'wake the sender', patience))?.error;
}
