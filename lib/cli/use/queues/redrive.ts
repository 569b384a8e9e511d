import type { QueueAccess } from '../../../aws/queue-access.ts';
import type { QueueEntry, RedriveResult } from '../../results/queue-entry.ts';
import { sendMessages } from '../push/send-messages.ts';
import { deleteMessages } from './delete-messages.ts';
import { queueEntry } from './queue-entry.ts';
import { ReceivedMessages } from './received-messages.ts';
import { SplitTexts, type Text } from './split-texts.ts';

export interface RedriveOptions {
  readonly from: QueueAccess;
  readonly to: QueueAccess;
  /** Only entries with this text in reason or body; the others stay. */
  readonly match?: string | undefined;
  /** At most so many. */
  readonly limit: number;
  readonly onProgress: (redriven: number) => void;
}

/**
 * Sends what is in a queue back to the work queue. An entry is deleted only after its text was sent, so that an
 * interruption at worst sends some again, which overwrites what the first one stored; running it again goes on.
 */
export async function redrive({
  from,
  to,
  match,
  limit,
  onProgress,
}: RedriveOptions): Promise<RedriveResult> {
  const startedAtMs = Date.now();
  const texts = new SplitTexts();
  const counts = { redriven: 0, kept: 0, refused: 0 };
  return await ReceivedMessages.use(from, async (received) => {
    for await (const batch of received.batches()) {
      // What is rejected again meanwhile is back in the queue, and would go round for ever.
      const present = batch.filter((message) => queueEntry(message).sentAtMs <= startedAtMs);
      const wanted = present.filter((message) => match === undefined || matches(queueEntry(message), match));
      counts.kept += present.length - wanted.length;
      const complete = wanted.flatMap((message) => texts.add(message)).slice(0, limit - counts.redriven);
      const sent = await send(to, complete);
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

/** @returns those that are on the queue; the others it will never take */
async function send(to: QueueAccess, texts: readonly Text[]): Promise<Text[]> {
  const refused = await sendMessages(to, toAsync(texts), () => {});
  const isRefused = new Set(refused.map(({ element }) => element));
  return texts.filter((text) => !isRefused.has(text));
}

async function* toAsync<Element>(elements: readonly Element[]): AsyncGenerator<Element> {
  yield* elements;
}

function matches({ body, rejection }: QueueEntry, text: string): boolean {
  return body.includes(text) || rejection?.reason.includes(text) === true;
}
