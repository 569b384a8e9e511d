import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { chunksOf } from '../../store/chunks.ts';
import { toStoreError } from '../../store/store-error.ts';

/** How long a message that was looked at stays hidden from others; looking gives it back before that. */
const LOOK_SECONDS = 600;
const MESSAGES_PER_REQUEST = 10;
/** SQS may answer that a queue is empty when it is not; so often in a row is believed. */
const EMPTY_ANSWERS = 2;

export interface QueueAccess {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** Receives messages one request after the other until the queue has no more; they are hidden for ten minutes. */
export async function* receiveAll({ client, queueUrl }: QueueAccess): AsyncGenerator<Message[]> {
  let emptyAnswers = 0;
  while (emptyAnswers < EMPTY_ANSWERS) {
    const request = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: MESSAGES_PER_REQUEST,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
      VisibilityTimeout: LOOK_SECONDS,
      WaitTimeSeconds: 0,
    });
    const { Messages = [] } = await client.send(request).catch((cause) => {
      throw toStoreError(cause, 'read the queue');
    });
    emptyAnswers = Messages.length === 0 ? emptyAnswers + 1 : 0;
    if (Messages.length > 0) yield Messages;
  }
}

/**
 * Reads messages of a queue and leaves them there, visible again.
 *
 * @param limit stops after about so many
 */
export async function peekQueue(queue: QueueAccess, limit = Number.POSITIVE_INFINITY): Promise<Message[]> {
  const seen: Message[] = [];
  try {
    for await (const messages of receiveAll(queue)) {
      seen.push(...messages);
      if (seen.length >= limit) break;
    }
    return seen;
  } finally {
    await release(queue, seen);
  }
}

/** Shows received messages to others again. */
export async function release(
  { client, queueUrl }: QueueAccess,
  messages: readonly Message[],
): Promise<void> {
  for (const chunk of chunksOf(messages, MESSAGES_PER_REQUEST)) {
    const Entries = chunk.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
