import type { SQSClient } from '@aws-sdk/client-sqs';
import { contentHash } from '../../records/content-hash.ts';
import type { RecordText } from '../../records/formats/json-records.ts';
import type { IsLocal } from '../../records/locality.ts';
import { type PackedMessage, packMessages } from '../../records/packing.ts';
import { parseJson } from '../../records/parse-json.ts';
import type { LedgerMessage } from './ledger.ts';
import { type PreparedRecord, prepareRecord } from './prepare-record.ts';
import { sendMessages } from './send-messages.ts';

/** Records that are packed together: enough to find an address's neighbours, few enough for constant memory. */
const WINDOW = 20_000;
/** What one SQS message holds. */
const MAX_MESSAGE_BYTES = 1_048_576;

/** A record that cannot be sent as what it is. */
export interface UnsendableRecord {
  readonly position: number;
  readonly reason: string;
}

export interface PushedRecords {
  readonly messages: readonly LedgerMessage[];
  readonly unsendable: readonly UnsendableRecord[];
  /** Records read: sent and unsendable ones. */
  readonly pushed: number;
  /** Size of all message bodies. */
  readonly bytes: number;
}

/**
 * Packs records into messages and sends them, a window at a time.
 *
 * @param onProgress gets the number of records sent so far
 */
export async function pushRecords(
  queue: { readonly client: SQSClient; readonly queueUrl: string },
  records: AsyncIterable<RecordText>,
  isLocal: IsLocal,
  onProgress: (sent: number) => void,
): Promise<PushedRecords> {
  const messages: LedgerMessage[] = [];
  const unsendable: UnsendableRecord[] = [];
  let sent = 0;
  let bytes = 0;
  const [refused] = await sendMessages(queue, packed(records, isLocal, unsendable), (message, messageId) => {
    sent += message.records.length;
    bytes += Buffer.byteLength(message.body);
    messages.push({
      messageId,
      contentHash: contentHash(message.body),
      records: message.records.map(({ position, identity }) =>
        identity === undefined ? { position } : { position, identity },
      ),
    });
    onProgress(sent);
  });
  if (refused !== undefined) throw refused.error;
  return { messages, unsendable, pushed: sent + unsendable.length, bytes };
}

async function* packed(
  records: AsyncIterable<RecordText>,
  isLocal: IsLocal,
  unsendable: UnsendableRecord[],
): AsyncGenerator<PackedMessage<PreparedRecord>> {
  let window: PreparedRecord[] = [];
  for await (const text of records) {
    const record = prepareRecord(text, isLocal);
    // Alone in a message, an array would be read as what is in it.
    if (record.text.trimStart().startsWith('[')) {
      unsendable.push({ position: record.position, reason: 'record: expected an object, got an array' });
      continue;
    }
    const bytes = Buffer.byteLength(record.text);
    if (bytes > MAX_MESSAGE_BYTES) {
      const reason = `record: ${bytes} bytes, more than the ${MAX_MESSAGE_BYTES} that a message holds`;
      unsendable.push({ position: record.position, reason });
      continue;
    }
    window.push(record);
    if (window.length < WINDOW) continue;
    yield* messagesOf(window);
    window = [];
  }
  yield* messagesOf(window);
}

/** Lines that are no records may be one when they stand together: those travel alone, as what they are. */
function* messagesOf(window: readonly PreparedRecord[]): Generator<PackedMessage<PreparedRecord>> {
  for (const message of packMessages(window)) {
    const { records, body } = message;
    const isUnclear = records.length > 1 && records.every(({ identity }) => identity === undefined);
    if (isUnclear && parseJson(body).ok) yield* records.flatMap((record) => [...packMessages([record])]);
    else yield message;
  }
}
