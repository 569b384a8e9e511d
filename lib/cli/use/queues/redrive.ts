import type { Message } from '@aws-sdk/client-sqs';
import type { QueueAccess } from '../../../aws/queue-access.ts';
import { ATTRIBUTE_BYTES, type QueuedBody, sendMessages } from '../../../aws/send-messages.ts';
import { MOST_BYTES } from '../../../aws/sqs-batch.ts';
import type { QueueEntry, RedriveResult } from '../../results/queue-entry.ts';
import { deleteMessages } from './delete-messages.ts';
import { originAttributes } from './origin-attributes.ts';
import { queueEntry } from './queue-entry.ts';
import { ReceivedMessages } from './received-messages.ts';
import { SplitTexts } from './split-texts.ts';

type Text = QueuedBody & { readonly parts: readonly Message[] };

export interface RedriveOptions {
  readonly from: QueueAccess;
  readonly to: QueueAccess;
  /** Whether entries are whole messages, which keep their original id and time. */
  readonly areMessages: boolean;
  /** Only entries with this text in their reason or body; others are kept. */
  readonly match?: string | undefined;
  /** Maximum number of entries. */
  readonly limit: number;
  readonly onProgress: (redriven: number) => void;
}

/**
 * Sends a queue's messages back to the work queue. An entry is deleted only after its text was sent, so an interruption
 * can at worst send some twice, which overwrites the same items; running it again continues.
 */
export async function redrive({
  from,
  to,
  areMessages,
  match,
  limit,
  onProgress,
}: RedriveOptions): Promise<RedriveResult> {
  const startedAtMs = Date.now();
  const texts = new SplitTexts();
  const counts = { redriven: 0, kept: 0, refused: 0 };
  return await ReceivedMessages.use(from, async (received) => {
    for await (const batch of received.batches()) {
      // Messages rejected again meanwhile are back in the queue and would be sent in an endless loop.
      const present = batch.filter((message) => queueEntry(message).sentAtMs <= startedAtMs);
      const wanted = present.filter((message) => match === undefined || matches(queueEntry(message), match));
      counts.kept += present.length - wanted.length;
      const complete = wanted.flatMap((message) => texts.add(message)).slice(0, limit - counts.redriven);
      const sent = await send(to, areMessages ? complete.map(withOrigin) : complete);
      await deleteMessages(
        from,
        sent.flatMap(({ parts }) => parts),
      );
      for (const message of sent.flatMap(({ parts }) => parts)) received.forget(message);
      counts.redriven += sent.length;
      counts.refused += complete.length - sent.length;
      onProgress(counts.redriven);
      if (counts.redriven >= limit) break;
    }
    return { ...counts, kept: counts.kept + texts.incomplete };
  });
}

/** A body too large for the extra attributes is sent without: it is large enough to be identified by its content. */
function withOrigin(text: Text): Text {
  const [message] = text.parts;
  const hasRoom = Buffer.byteLength(text.body) + ATTRIBUTE_BYTES <= MOST_BYTES;
  return message !== undefined && hasRoom ? { ...text, attributes: originAttributes(message) } : text;
}

/** @returns those accepted by the queue; it will never accept the others */
async function send(to: QueueAccess, texts: readonly Text[]): Promise<Text[]> {
  const refused = await sendMessages(to, toAsync(texts), () => {});
  const isRefused = new Set(refused.map(({ element }) => element));
  return texts.filter((text) => !isRefused.has(text));
}

async function* toAsync<Element>(elements: readonly Element[]): AsyncGenerator<Element> {
  yield* elements;
}

function matches({ body, rejection, death }: QueueEntry, text: string): boolean {
  return body.includes(text) || (rejection ?? death)?.reason.includes(text) === true;
}
