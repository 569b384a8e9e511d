import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QueueAccess } from './queue-access.ts';
import { type Attempt, retryBatch, type Undone } from './retry.ts';
import type { ServiceError } from './service-error.ts';
import { leftUndone, MOST_BYTES, MOST_MESSAGES } from './sqs-batch.ts';

export interface QueuedBody {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
}

/** What a message's attributes take at most. */
export const ATTRIBUTE_BYTES = 1_024;

/** Requests in flight. */
const CONCURRENCY = 4;
/** How long a request is tried, and how long one may take: a mebibyte over a slow line takes its time. */
const PATIENCE_MS = 180_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** A service that cannot be reached for so long before anything was sent is not there. */
const FIRST_ANSWER_MS = 5_000;
const ACTION = 'send to the queue';

export interface SendOptions<Message> {
  /**
   * Message group of all messages. On a standard queue it orders nothing: messages of a group that takes up more than
   * its share wait for those of others.
   */
  readonly messageGroup?: string | undefined;
  /** Called before a batch is sent for the first time, which waits for it. */
  readonly beforeBatch?: (batch: readonly Message[]) => Promise<void>;
  /** Called for each request, repeated ones included. */
  readonly onRequest?: () => void;
  /** When nothing is sent any more, epoch milliseconds; without, a request is tried for three minutes. */
  readonly deadlineMs?: number | undefined;
  /** Takes a message that the queue refuses for a failure, instead of going on with the others. */
  readonly stopsAtRefusal?: boolean;
}

/**
 * Sends messages to a queue, several requests at a time, and retries what fails transiently. After a failure, requests
 * in flight are waited for and nothing more is sent.
 *
 * @param onSent gets each message with the id that the queue gave it
 * @returns messages that the queue refuses, with why; all others are sent
 * @throws {ServiceError} when a message could not be sent in time
 */
export async function sendMessages<Message extends QueuedBody>(
  queue: QueueAccess,
  messages: AsyncIterable<Message>,
  onSent: (message: Message, messageId: string) => void,
  options: SendOptions<Message> = {},
): Promise<Undone<Message>[]> {
  // Loaded here: what is only rehearsed needs no client, which takes longer to load than a small file to read.
  const { sendBatch } = await import('./send-batch.ts');
  let hasSent = false;
  const refused: Undone<Message>[] = [];
  const send = async (
    batch: readonly Message[],
    abortSignal: AbortSignal,
  ): Promise<Attempt<readonly Message[]>> => {
    const group = options.messageGroup;
    const Entries = batch.map(({ body, attributes }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(attributes !== undefined && { MessageAttributes: attributes }),
      ...(group !== undefined && { MessageGroupId: group }),
    }));
    options.onRequest?.();
    const { Successful = [], Failed } = await sendBatch(queue, Entries, abortSignal);
    hasSent ||= Successful.length > 0;
    for (const { Id, MessageId = '' } of Successful) {
      const message = batch[Number(Id)];
      if (message !== undefined) onSent(message, MessageId);
    }
    return leftUndone(batch, Failed, ACTION);
  };

  const startedAtMs = Date.now();
  const isHopeless = ({ code }: ServiceError) =>
    code === 'unavailable' && !hasSent && Date.now() - startedAtMs > FIRST_ANSWER_MS;

  const batches = batchesOf(messages);
  const worker = async () => {
    for await (const batch of batches) {
      await options.beforeBatch?.(batch);
      const patience = {
        deadlineMs: Math.min(options.deadlineMs ?? Number.POSITIVE_INFINITY, Date.now() + PATIENCE_MS),
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        isHopeless,
      };
      for (const undone of await retryBatch(batch, send, ACTION, patience)) {
        if (undone.error.code !== 'refused' || options.stopsAtRefusal) throw undone.error;
        refused.push(undone);
      }
    }
  };
  // Leaving the loop ends it for the other workers too, once they are done with what they have.
  const ends = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return refused;
}

/** Puts messages together as one request takes them. */
export async function* batchesOf<Message extends QueuedBody>(
  messages: AsyncIterable<Message>,
): AsyncGenerator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for await (const message of messages) {
    const size = Buffer.byteLength(message.body) + (message.attributes === undefined ? 0 : ATTRIBUTE_BYTES);
    if (batch.length === MOST_MESSAGES || bytes + size > MOST_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
