import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { sendDeadLetter } from '../assessment/dead-letter-queue.ts';
import type { QueuedMessage } from '../assessment/queued-message.ts';
import { originOf } from '../assessment/queued-message.ts';
import type { QueueAccess } from '../aws/queue-access.ts';
import { type Patience, retry } from '../aws/retry.ts';
import type { NotifiedObject } from '../store/log-object.ts';
import { ownNotification, readNotification } from './notification.ts';
import type { ObjectOutcome } from './object-outcome.ts';
import { readObject } from './read-object.ts';
import type { ReadObjectOptions } from './read-options.ts';

export interface IngestOptions extends Omit<ReadObjectOptions, 'sendOn' | 'putAside'> {
  readonly ingestQueue: QueueAccess;
  readonly deadLetterQueue: QueueAccess;
}

/** An object that a message was about, with the outcome. */
export interface IngestedObject {
  readonly object: NotifiedObject;
  readonly outcome: ObjectOutcome;
}

/** Outcome of an ingest queue message. */
export interface IngestedMessage {
  readonly objects: readonly IngestedObject[];
  /** Number of events that are not about a new object. */
  readonly ignored: number;
  /** Why the message is in the dead-letter queue, if it could not be understood. */
  readonly unknown?: string;
  /** Whether the message has to be delivered again. */
  readonly isFailed: boolean;
}

/**
 * Reads the objects that a message names, one after the other. If one has to be retried, the whole message is delivered
 * again; finished objects are then skipped.
 *
 * @param isRetry whether a human has redriven the message from the dead-letter queue
 * @throws {ServiceError} if a message can't be understood and can't be moved to the dead-letter queue either
 */
export async function ingestMessage(
  message: QueuedMessage,
  isRetry: boolean,
  options: IngestOptions,
): Promise<IngestedMessage> {
  const { ingestQueue, deadLetterQueue, slice, now } = options;
  const patience = () => ({ deadlineMs: Math.max(slice.deadlineMs, now() + LAST_SEND_MS), now });
  const putAside = async (body: string, reason: string) => {
    const cause = { reason, attempts: message.receiveCount };
    await sendDeadLetter(deadLetterQueue, { ...message, body }, cause, patience());
  };
  const notification = readNotification(message.body);
  if (notification.kind === 'unknown') {
    await putAside(message.body, notification.reason);
    return { objects: [], ignored: 0, unknown: notification.reason, isFailed: false };
  }
  const objects: IngestedObject[] = [];
  for (const object of notification.objects) {
    const request = { object, notifiedAtMs: originOf(message).sentAtMs, isRetry };
    const outcome = await readObject(request, {
      ...options,
      sendOn: (next) => sendOn(ingestQueue, ownNotification(next), patience()),
      putAside: (failed, reason) => putAside(ownNotification(failed), reason),
    });
    objects.push({ object, outcome });
  }
  const isFailed = objects.some(({ outcome }) => outcome.kind === 'again');
  return { objects, ignored: notification.ignored, isFailed };
}

/** Reserved for the last message, however long reading took. */
const LAST_SEND_MS = 5_000;

async function sendOn({ client, queueUrl }: QueueAccess, body: string, patience: Patience): Promise<void> {
  const request = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body });
  const send = async (_: undefined, abortSignal: AbortSignal) => {
    await client.send(request, { abortSignal });
    return undefined;
  };
  const outcome = await retry<undefined>(undefined, send, 'have reading of the object continued', patience);
  if (outcome !== undefined) throw outcome.error;
}
