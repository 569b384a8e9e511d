import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { numberAttribute, stringAttribute } from '../aws/message-attributes.ts';
import type { QueueAccess } from '../aws/queue-access.ts';
import { type Attempt, type Patience, retryBatch } from '../aws/retry.ts';
import type { ServiceError } from '../aws/service-error.ts';
import { leftUndone, MOST_BYTES, MOST_MESSAGES } from '../aws/sqs-batch.ts';
import { workThrough } from '../aws/worker-pool.ts';
import type { RejectedRecord } from '../records/message-body.ts';
import { sqsText } from '../records/sqs-text.ts';

/** Upper bound for an entry's attributes and the request around it. */
const ATTRIBUTE_BYTES = 4_096;
/** UTF-16 units of a part: even at three bytes each they fit. */
const PART_LENGTH = 340_000;
const REASON_LENGTH = 500;
/** Requests in flight. */
const CONCURRENCY = 4;
const ACTION = 'send to the rejected queue';

/** A rejected record and the message it was in. */
export interface Rejection extends RejectedRecord {
  readonly messageId: string;
  /** Its place in a log file, for a record that was not in a message yet. */
  readonly origin?: LogOrigin;
}

/** A place in a log file in S3. */
export interface LogOrigin {
  readonly bucket: string;
  readonly key: string;
  /** The version id, or the ETag in a bucket without versioning. */
  readonly version: string;
  /** The unit of the position: lines, array elements or rows. */
  readonly unit: string;
  readonly position: number;
}

type Entry = SendMessageBatchRequestEntry & { readonly source: string; readonly bytes: number };

/**
 * Sends rejected records on, verbatim, with the reason and the source as attributes: `reason`, `source_message_id`,
 * `index`, `scope` (and `count` if it is `rest`), and `part` of `parts` if a text does not fit one message. A record
 * from a log file also has `bucket`, `object_key`, `object_version` and `line`, `element` or `row`.
 *
 * @returns for each source message with unsent rejections, the reason
 */
export async function sendRejections(
  queue: QueueAccess,
  rejections: readonly Rejection[],
  patience: Patience,
): Promise<Map<string, ServiceError>> {
  const failed = new Map<string, ServiceError>();
  const send = (batch: readonly Entry[], signal: AbortSignal) => sendBatch(queue, batch, signal);
  await workThrough(requestsOf(rejections), CONCURRENCY, async (entries) => {
    for (const { element, error } of await retryBatch(entries, send, ACTION, patience)) {
      failed.set(element.source, error);
    }
  });
  return failed;
}

async function sendBatch(
  { client, queueUrl }: QueueAccess,
  entries: readonly Entry[],
  abortSignal: AbortSignal,
): Promise<Attempt<readonly Entry[]>> {
  const Entries = entries.map(({ source: _, bytes: __, ...entry }, index) => ({
    ...entry,
    Id: String(index),
  }));
  const request = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
  const { Failed } = await client.send(request, { abortSignal });
  return leftUndone(entries, Failed, ACTION);
}

function entriesOf(rejection: Rejection): Entry[] {
  const texts = split(sqsText(rejection.text));
  return texts.map((text, part) => ({
    Id: '0',
    source: rejection.messageId,
    bytes: Buffer.byteLength(text) + ATTRIBUTE_BYTES,
    MessageBody: text,
    MessageAttributes: {
      reason: stringAttribute(sqsText(rejection.reason.slice(0, REASON_LENGTH))),
      source_message_id: stringAttribute(rejection.messageId),
      index: numberAttribute(rejection.index),
      scope: stringAttribute(rejection.scope),
      ...(rejection.count !== undefined && { count: numberAttribute(rejection.count) }),
      ...(rejection.origin && originAttributes(rejection.origin)),
      ...(texts.length > 1 && { part: numberAttribute(part + 1), parts: numberAttribute(texts.length) }),
    },
  }));
}

/** Together with the others, these make up the ten attributes that SQS allows. */
function originAttributes({
  bucket,
  key,
  version,
  unit,
  position,
}: LogOrigin): Record<string, MessageAttributeValue> {
  return {
    bucket: stringAttribute(bucket),
    object_key: stringAttribute(sqsText(key)),
    object_version: stringAttribute(version),
    [unit]: numberAttribute(position),
  };
}

function split(text: string): string[] {
  if (Buffer.byteLength(text) + ATTRIBUTE_BYTES <= MOST_BYTES) return [text];
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + PART_LENGTH);
    if (isHighSurrogate(text.charCodeAt(end - 1))) end--;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Fills requests up to ten entries and 1 MiB, one at a time: building all at once would double the memory. */
function* requestsOf(rejections: Iterable<Rejection>): Generator<Entry[]> {
  let request: Entry[] = [];
  let room = MOST_BYTES;
  for (const rejection of rejections) {
    for (const entry of entriesOf(rejection)) {
      if (request.length === MOST_MESSAGES || (entry.bytes > room && request.length > 0)) {
        yield request;
        request = [];
        room = MOST_BYTES;
      }
      request.push(entry);
      room -= entry.bytes;
    }
  }
  if (request.length > 0) yield request;
}
