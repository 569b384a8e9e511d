import { DeleteMessageBatchCommand, type Message } from '@aws-sdk/client-sqs';
import { chunksOf } from '../../store/chunks.ts';
import { type Attempt, retryBatch } from '../../store/retry.ts';
import { StoreError } from '../../store/store-error.ts';
import { sendMessages } from '../push/send-messages.ts';
import { type QueueAccess, receiveAll, release } from './peek-queue.ts';
import { queueEntry } from './queue-entry.ts';

export interface RedriveOptions {
  readonly from: QueueAccess;
  readonly to: QueueAccess;
  /** Only entries for which this holds; the others stay. */
  readonly isWanted: (message: Message) => boolean;
  readonly limit: number;
  readonly onProgress: (redriven: number) => void;
}

export interface RedriveResult {
  /** Entries whose text is on the work queue again. */
  readonly redriven: number;
  /** Entries that stay: not wanted, over the limit, or parts of a text of which not all were found. */
  readonly left: number;
}

const PATIENCE_MS = 30_000;
const MESSAGES_PER_REQUEST = 10;

/**
 * Sends what is in a queue back to the work queue. An entry is deleted only after its text was sent, so that an
 * interruption at worst sends some again, which overwrites what the first one stored; running it again goes on.
 */
export async function redrive(options: RedriveOptions): Promise<RedriveResult> {
  const { from, to, limit, onProgress } = options;
  const startedAtMs = Date.now();
  // What is rejected again meanwhile is back in the queue, and would go round for ever.
  const isWanted = (message: Message) =>
    queueEntry(message).sentAtMs <= startedAtMs && options.isWanted(message);
  const kept: Message[] = [];
  const waitingParts = new Map<string, Message[]>();
  let redriven = 0;
  try {
    for await (const messages of receiveAll(from)) {
      const complete: Message[][] = [];
      for (const message of messages) {
        if (!isWanted(message) || redriven + complete.length >= limit) kept.push(message);
        else complete.push(...completedBy(message, waitingParts));
      }
      await sendMessages(to, toAsync(complete.map(toBody)), () => {});
      await deleteMessages(from, complete.flat());
      redriven += complete.length;
      onProgress(redriven);
      if (redriven >= limit) break;
    }
  } finally {
    const incomplete = [...waitingParts.values()].flat();
    kept.push(...incomplete);
    await release(from, kept);
  }
  return { redriven, left: kept.length };
}

/** The entry itself, or all parts of a text as soon as the last one is there. */
function completedBy(message: Message, waiting: Map<string, Message[]>): Message[][] {
  const { rejection } = queueEntry(message);
  if (rejection === undefined || rejection.parts === 1) return [[message]];
  const key = `${rejection.sourceMessageId}/${rejection.index}`;
  const parts = [...(waiting.get(key) ?? []), message];
  const numbers = new Set(parts.map((part) => queueEntry(part).rejection?.part));
  if (numbers.size < rejection.parts) {
    waiting.set(key, parts);
    return [];
  }
  waiting.delete(key);
  return [parts];
}

function toBody(parts: readonly Message[]): { body: string } {
  const byNumber = new Map(parts.map((part) => [queueEntry(part).rejection?.part ?? 1, part.Body ?? '']));
  const ordered = [...byNumber].sort(([a], [b]) => a - b).map(([, body]) => body);
  return { body: ordered.join('') };
}

async function* toAsync<Element>(elements: readonly Element[]): AsyncGenerator<Element> {
  yield* elements;
}

async function deleteMessages(
  { client, queueUrl }: QueueAccess,
  messages: readonly Message[],
): Promise<void> {
  const remove = async (
    batch: readonly Message[],
    abortSignal: AbortSignal,
  ): Promise<Attempt<readonly Message[]>> => {
    const Entries = batch.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const { Failed = [] } = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
      {
        abortSignal,
      },
    );
    const [first] = Failed;
    if (first === undefined) return undefined;
    const left = Failed.flatMap(({ Id }) => batch[Number(Id)] ?? []);
    const code = first.SenderFault === true ? 'refused' : 'unavailable';
    return {
      left,
      error: new StoreError(code, `could not delete from the queue: ${first.Code}: ${first.Message}`),
    };
  };
  for (const chunk of chunksOf(messages, MESSAGES_PER_REQUEST)) {
    const patience = { deadlineMs: Date.now() + PATIENCE_MS };
    const [failure] = await retryBatch(chunk, remove, 'delete from the queue', patience);
    if (failure !== undefined) throw failure.error;
  }
}
