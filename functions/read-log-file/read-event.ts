import type { SQSRecord } from 'aws-lambda';
import type { QueuedMessage } from '../../lib/assessment/queued-message.ts';

/** A message of the ingest queue. */
export interface IngestMessage extends QueuedMessage {
  /** Whether a human has redriven it from the dead-letter queue: only there do messages get such attributes. */
  readonly isRetry: boolean;
}

/** Reads a record of an event; undefined if it is not an SQS message. */
export function readMessage(record: Partial<SQSRecord>): IngestMessage | undefined {
  const { messageId, body, receiptHandle = '', attributes, messageAttributes = {} } = record ?? {};
  const sentAtMs = Number(attributes?.SentTimestamp);
  const receiveCount = Number(attributes?.ApproximateReceiveCount ?? 1);
  const isWhole = typeof messageId === 'string' && typeof body === 'string' && Number.isSafeInteger(sentAtMs);
  if (!isWhole || sentAtMs < 0 || !Number.isFinite(receiveCount)) return undefined;
  const isRetry = 'source_message_id' in messageAttributes;
  return { messageId, body, receiptHandle, sentAtMs, receiveCount, isRetry };
}
