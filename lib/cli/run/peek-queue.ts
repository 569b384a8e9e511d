import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { chunksOf } from '../../store/chunks.ts';
import { toStoreError } from '../../store/store-error.ts';

/** Long enough to see every message once before the first one shows up again. */
const LOOK_SECONDS = 600;
const MESSAGES_PER_REQUEST = 10;

/** Reads all messages of a queue and leaves them there, visible. */
export async function peekQueue(client: SQSClient, queueUrl: string): Promise<Message[]> {
  const seen: Message[] = [];
  try {
    for (;;) {
      const request = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MESSAGES_PER_REQUEST,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: LOOK_SECONDS,
        WaitTimeSeconds: 0,
      });
      const { Messages = [] } = await client.send(request);
      if (Messages.length === 0) return seen;
      seen.push(...Messages);
    }
  } catch (cause) {
    throw toStoreError(cause, 'read the queue');
  } finally {
    await release(client, queueUrl, seen);
  }
}

async function release(client: SQSClient, queueUrl: string, messages: readonly Message[]): Promise<void> {
  for (const chunk of chunksOf(messages, MESSAGES_PER_REQUEST)) {
    const Entries = chunk.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
