import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Attempt, retryBatch, type Undone } from '../../store/retry.ts';
import { StoreError } from '../../store/store-error.ts';

export interface QueuedBody {
  readonly body: string;
}

/** SQS takes ten messages and 1 MiB a request. */
const MESSAGES_PER_REQUEST = 10;
const BYTES_PER_REQUEST = 1_048_576;
/** Requests in flight. */
const CONCURRENCY = 4;
/** How long a request is tried; before anything was sent, the endpoint is more likely wrong than overloaded. */
const PATIENCE_MS = 60_000;
const FIRST_PATIENCE_MS = 5_000;
const ACTION = 'send to the queue';

/**
 * Sends messages to a queue, several requests at a time, and retries what fails in passing.
 *
 * @param onSent gets each message with the id that the queue gave it
 * @returns messages that the queue refuses, with why; all others are sent
 * @throws {StoreError} when a message could not be sent in time
 */
export async function sendMessages<Message extends QueuedBody>(
  { client, queueUrl }: { readonly client: SQSClient; readonly queueUrl: string },
  messages: AsyncIterable<Message>,
  onSent: (message: Message, messageId: string) => void,
): Promise<Undone<Message>[]> {
  let hasSent = false;
  const refused: Undone<Message>[] = [];
  const send = async (
    batch: readonly Message[],
    abortSignal: AbortSignal,
  ): Promise<Attempt<readonly Message[]>> => {
    const Entries = batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
    const request = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    const { Successful = [], Failed = [] } = await client.send(request, { abortSignal });
    hasSent ||= Successful.length > 0;
    for (const { Id, MessageId = '' } of Successful) {
      const message = batch[Number(Id)];
      if (message !== undefined) onSent(message, MessageId);
    }
    const [first] = Failed;
    if (first === undefined) return undefined;
    const left = Failed.flatMap(({ Id }) => batch[Number(Id)] ?? []);
    const code = first.SenderFault === true ? 'refused' : 'unavailable';
    return { left, error: new StoreError(code, `could not ${ACTION}: ${first.Code}: ${first.Message}`) };
  };

  const batches = batchesOf(messages);
  const worker = async () => {
    for await (const batch of batches) {
      const deadlineMs = Date.now() + (hasSent ? PATIENCE_MS : FIRST_PATIENCE_MS);
      for (const undone of await retryBatch(batch, send, ACTION, { deadlineMs })) {
        if (undone.error.code !== 'refused') throw undone.error;
        refused.push(undone);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return refused;
}

async function* batchesOf<Message extends QueuedBody>(
  messages: AsyncIterable<Message>,
): AsyncGenerator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for await (const message of messages) {
    const size = Buffer.byteLength(message.body);
    if (batch.length === MESSAGES_PER_REQUEST || bytes + size > BYTES_PER_REQUEST) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
