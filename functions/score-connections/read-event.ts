import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { QueuedMessage } from '../../lib/assessment/queued-message.ts';

export interface ReadEvent {
  readonly messages: readonly QueuedMessage[];
  /** Ids of records that are no messages of SQS: they fail alone. */
  readonly malformed: readonly string[];
}

/**
 * Reads the event of an invocation. A record without what every message has fails alone; its id is empty where it has
 * none, which makes Lambda deliver the whole batch again.
 */
export function readEvent(event: SQSEvent): ReadEvent {
  const messages: QueuedMessage[] = [];
  const malformed: string[] = [];
  for (const record of event.Records as Partial<SQSRecord>[]) {
    const message = readMessage(record);
    if (message === undefined) malformed.push(record?.messageId ?? '');
    else messages.push(message);
  }
  return { messages, malformed };
}

function readMessage(record: Partial<SQSRecord>): QueuedMessage | undefined {
  const { messageId, body, receiptHandle = '', attributes } = record ?? {};
  const sentAtMs = Number(attributes?.SentTimestamp);
  const receiveCount = Number(attributes?.ApproximateReceiveCount ?? 1);
  const isWhole = typeof messageId === 'string' && typeof body === 'string' && Number.isSafeInteger(sentAtMs);
  if (!isWhole || sentAtMs < 0 || !Number.isFinite(receiveCount)) return undefined;
  return { messageId, body, receiptHandle, sentAtMs, receiveCount };
}

/**
 * Finds the URL of the queue that an event is from: it lies beside the rejected queue, in the same account and region,
 * and its ARN ends in its name.
 */
export function workQueueUrl(event: SQSEvent, rejectedQueueUrl: string): string | undefined {
  const name = event.Records[0]?.eventSourceARN?.split(':').at(-1);
  return name ? rejectedQueueUrl.replace(/[^/]*$/, name) : undefined;
}
