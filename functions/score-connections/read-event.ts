import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { MessageOrigin, QueuedMessage } from '../../lib/assessment/queued-message.ts';

export interface ReadEvent {
  readonly messages: readonly QueuedMessage[];
  /** Ids of records that are not SQS messages: they fail alone. */
  readonly malformed: readonly string[];
}

/**
 * Reads the event of an invocation. A record without the fields of an SQS message fails alone; its id is empty if it
 * has none, which makes Lambda deliver the whole batch again.
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
  const { messageId, body, receiptHandle = '', attributes, messageAttributes = {} } = record ?? {};
  const sentAtMs = Number(attributes?.SentTimestamp);
  const receiveCount = Number(attributes?.ApproximateReceiveCount ?? 1);
  const isWhole = typeof messageId === 'string' && typeof body === 'string' && Number.isSafeInteger(sentAtMs);
  if (!isWhole || sentAtMs < 0 || !Number.isFinite(receiveCount)) return undefined;
  const origin = readOrigin(messageAttributes, sentAtMs);
  return { messageId, body, receiptHandle, sentAtMs, receiveCount, ...(origin && { origin }) };
}

/** Longest time that a message can have waited in the work queue and the dead-letter queue. */
const LONGEST_WAIT_MS = (4 + 14) * 86_400_000;
const MESSAGE_ID = /^[\w-]{1,100}$/;

/** The identity of a message before it was in the dead-letter queue; implausible values are ignored. */
function readOrigin(
  attributes: SQSRecord['messageAttributes'],
  sentAgainAtMs: number,
): MessageOrigin | undefined {
  const messageId = attributes.source_message_id?.stringValue ?? '';
  const sentAtMs = Number(attributes.sent_at?.stringValue);
  const waitedMs = sentAgainAtMs - sentAtMs;
  const isPossible = Number.isSafeInteger(sentAtMs) && waitedMs >= 0 && waitedMs <= LONGEST_WAIT_MS;
  return MESSAGE_ID.test(messageId) && isPossible ? { messageId, sentAtMs } : undefined;
}

/**
 * Finds the URL of the queue that an event is from: it has the account and region of the rejected queue, and its ARN
 * ends in its name.
 */
export function workQueueUrl(event: SQSEvent, rejectedQueueUrl: string): string | undefined {
  const name = event.Records[0]?.eventSourceARN?.split(':').at(-1);
  return name ? rejectedQueueUrl.replace(/[^/]*$/, name) : undefined;
}
