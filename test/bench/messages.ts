import { hash } from 'node:crypto';
import { MAX_EVENT_BYTES } from '../../lib/local/delivery/event-batch.ts';
import { type PackableRecord, type PackedMessage, packMessages } from '../../lib/logs/packing.ts';
import { WINDOW } from '../../lib/logs/windows.ts';
import { DEPLOYED } from '../fixtures/deployed-service.ts';

/** A message body with the number of records in it. */
export interface Message {
  readonly body: string;
  readonly records: number;
  /** When the queue got it, epoch milliseconds; all at one time without. */
  readonly sentAtMs?: number;
}

/** Packs records into messages, window by window, so that any number of them takes the memory of one window. */
export function* packedMessages(records: Iterable<PackableRecord>): Generator<Message> {
  let window: PackableRecord[] = [];
  for (const record of records) {
    window.push(record);
    if (window.length < WINDOW.entries) continue;
    yield* packMessages(window).map(toMessage);
    window = [];
  }
  yield* packMessages(window).map(toMessage);
}

function toMessage({ body, records }: PackedMessage<PackableRecord>): Message {
  return { body, records: records.length };
}

/** Cuts messages into batches as the service's event source delivers them: so many messages, or what an event holds. */
export function* batches(messages: Iterable<Message>): Generator<Message[]> {
  const { batchSize } = DEPLOYED.definition.eventSource;
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(toEventJson([message]));
    if (batch.length === batchSize || (batch.length > 0 && bytes + size > MAX_EVENT_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** As many messages as one event of 6 MB holds. */
export function fullBatch(messages: Iterable<Message>): Message[] {
  const batch: Message[] = [];
  for (const message of messages) {
    if (Buffer.byteLength(toEventJson([...batch, message])) > MAX_EVENT_BYTES) return batch;
    batch.push(message);
  }
  throw new RangeError('these messages do not fill an event');
}

export function countRecords(messages: readonly Message[]): number {
  return messages.reduce((sum, { records }) => sum + records, 0);
}

const SENT_AT_MS = 1_790_000_000_000;
/** About as long as SQS's are. */
const RECEIPT_HANDLE_LENGTH = 360;

/** As SQS's look: summaries hold them, and are charged by their size. */
function messageIdOf(body: string, index: number): string {
  const hex = hash('sha256', `${index} ${body}`, 'hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** The event of a batch. The messages arrived when the records were made up to be. */
export function toEventJson(messages: readonly Message[]): string {
  const Records = messages.map(({ body, sentAtMs = SENT_AT_MS }, index) => ({
    messageId: messageIdOf(body, index),
    receiptHandle: `${index}`.padStart(RECEIPT_HANDLE_LENGTH, 'A'),
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Math.floor(sentAtMs)),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(Math.floor(sentAtMs) + 5),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:work',
    awsRegion: 'us-east-1',
  }));
  return JSON.stringify({ Records });
}
