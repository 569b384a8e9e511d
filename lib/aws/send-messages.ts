import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QueueAccess } from './queue-access.ts';
import { type Attempt, retryBatch, type Undone } from './retry.ts';
import type { ServiceError } from './service-error.ts';
import { leftUndone, MOST_BYTES, MOST_MESSAGES } from './sqs-batch.ts';

export interface QueuedBody {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
}

/** Upper bound for the size of a message's attributes. */
export const ATTRIBUTE_BYTES = 1_024;

/** Requests in flight. */
const CONCURRENCY = 4;
/** How long a request is retried, and the time limit of one: a mebibyte takes a while over a slow line. */
const PATIENCE_MS = 180_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** A service that can't be reached for this long before anything was sent is considered unavailable. */
const FIRST_ANSWER_MS = 5_000;
const ACTION = 'send to the queue';

export interface SendOptions<Message> {
  /**
   * Message group of all messages. On a standard queue it does not order messages: those of a group that exceeds its
   * share wait for those of others.
   */
  readonly messageGroup?: string | undefined;
  /** Called before a batch is sent for the first time; sending waits for it. */
  readonly beforeBatch?: (batch: readonly Message[]) => Promise<void>;
  /** Called for each request, including retries. */
  readonly onRequest?: () => void;
  /** When sending stops, epoch milliseconds; without it, a request is retried for three minutes. */
  readonly deadlineMs?: number | undefined;
  /** Treats a message that the queue refuses as a failure, instead of continuing with the others. */
  readonly stopsAtRefusal?: boolean;
}

/**
 * Sends messages to a queue, several requests at a time, and retries transient failures. After a failure, requests in
 * flight are waited for and nothing more is sent.
 *
 * @param onSent called for each message, with the id that the queue gave it
 * @returns messages that the queue refuses, with the reason; all others are sent
 * @throws {ServiceError} if a message could not be sent in time
 */
export async function sendMessages<Message extends QueuedBody>(
  queue: QueueAccess,
  messages: AsyncIterable<Message>,
  onSent: (message: Message, messageId: string) => void,
  options: SendOptions<Message> = {},
): Promise<Undone<Message>[]> {
  // Loaded here: a dry run needs no client, which takes longer to load than a small file takes to read.
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
  // Leaving the loop also stops the other workers, once they have finished their current request.
  const ends = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return refused;
}

/** Groups messages by request. */
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
