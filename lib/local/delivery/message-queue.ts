import {
  DeleteMessageBatchCommand,
  type DeleteMessageBatchRequestEntry,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { chunksOf } from '../../aws/chunks.ts';
import { stringAttribute } from '../../aws/message-attributes.ts';
import { mapValues } from '../map-values.ts';

/** SQS's limit for the messages of one request. */
const MAX_MESSAGES_PER_REQUEST = 10;

const CONCURRENT_DELETIONS = 4;
const DELETION_ATTEMPTS = 3;

/** Receives with all attributes, as Lambda does. */
export async function receiveMessages(
  client: SQSClient,
  queueUrl: string,
  options: { readonly maxMessages: number; readonly waitSeconds: number },
): Promise<readonly Message[]> {
  const { Messages } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(options.maxMessages, MAX_MESSAGES_PER_REQUEST),
      WaitTimeSeconds: options.waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages ?? [];
}

export async function sendMessage(
  client: SQSClient,
  queueUrl: string,
  body: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const MessageAttributes = mapValues(attributes, stringAttribute);
  await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes }));
}

/**
 * Deletes messages, and retries single failures. A message that cannot be deleted is delivered again after its
 * visibility timeout.
 */
export async function deleteMessages(
  client: SQSClient,
  queueUrl: string,
  receiptHandles: readonly string[],
): Promise<void> {
  const batches = chunksOf(receiptHandles, MAX_MESSAGES_PER_REQUEST).map((handles) =>
    handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
  );
  const deleteNext = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) await deleteBatch(client, queueUrl, batch);
  };
  await Promise.all(Array.from({ length: CONCURRENT_DELETIONS }, deleteNext));
}

async function deleteBatch(
  client: SQSClient,
  queueUrl: string,
  batch: readonly DeleteMessageBatchRequestEntry[],
): Promise<void> {
  let entries = [...batch];
  for (let attempt = 0; attempt < DELETION_ATTEMPTS && entries.length > 0; attempt += 1) {
    const { Failed } = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
    );
    const failed = new Set(Failed?.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failed.has(Id));
  }
}
