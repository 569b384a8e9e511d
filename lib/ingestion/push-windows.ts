import type { SQSClient } from '@aws-sdk/client-sqs';
import { batchesOf, type QueuedBody, type SendOptions, sendMessages } from '../aws/send-messages.ts';
import type { InvalidEntry } from '../logs/log-entry.ts';
import type { OutgoingRecord } from '../logs/outgoing-record.ts';
import type { PackedMessage } from '../logs/packing.ts';
import type { Totals } from '../logs/totals.ts';
import { messagesOf, type Packing, type Window } from '../logs/windows.ts';
import { contentHash } from '../records/content-hash.ts';

/** A window whose messages are all on the queue, like those of every window before it. */
export interface PushedWindow {
  readonly totals: Totals;
  /** Hash of its message bodies, in order. */
  readonly fingerprint: string;
  readonly invalid: readonly InvalidEntry[];
  /** Entries at the position of its last one, up to that one. */
  readonly entriesAtEnd: number;
}

export interface PushOptions {
  /** How windows become messages; packed by default. */
  readonly packing?: Packing;
  /** The sender's message group, for fair queues. */
  readonly messageGroup?: string | undefined;
  /** Called once for each window, in input order. */
  readonly onWindow: (window: PushedWindow) => void;
  /** Called for each message sent, in no particular order. */
  readonly onSent?: (message: PackedMessage<OutgoingRecord>, messageId: string) => void;
  readonly beforeBatch?: (batch: readonly PackedMessage<OutgoingRecord>[]) => Promise<void>;
  readonly onRequest?: () => void;
  /**
   * Attributes to send with a message.
   *
   * @param ordinal index of the message among all those of these windows, from 0
   */
  readonly attributesOf?: (
    message: PackedMessage<OutgoingRecord>,
    ordinal: number,
  ) => QueuedBody['attributes'];
  /** When sending stops, epoch milliseconds. */
  readonly deadlineMs?: number;
}

type Message = PackedMessage<OutgoingRecord> & QueuedBody & { readonly window: Tracked };

/**
 * Sends windows to a queue. Several messages are in flight at a time, across windows if these are small.
 *
 * @throws whatever `onWindow` throws, once the requests in flight have ended; nothing more is sent after that
 */
export async function pushWindows(
  queue: { readonly client: SQSClient; readonly queueUrl: string },
  windows: AsyncIterable<Window>,
  { onWindow, onSent, beforeBatch, packing = messagesOf, attributesOf, ...options }: PushOptions,
): Promise<void> {
  const tracker = new Tracker(onWindow, packing, attributesOf);
  const sendOptions: SendOptions<Message> = {
    ...options,
    stopsAtRefusal: true,
    beforeBatch: async (batch) => {
      await beforeBatch?.(batch);
      tracker.throwIfFailed();
    },
  };
  await sendMessages(
    queue,
    tracker.messagesOf(windows),
    (message, messageId) => {
      onSent?.(message, messageId);
      tracker.done(message.window);
    },
    sendOptions,
  );
  tracker.throwIfFailed();
}

/** A dry run: everything except sending. */
export async function rehearse(
  windows: AsyncIterable<Window>,
  { onWindow, onRequest, packing = messagesOf }: PushOptions,
): Promise<void> {
  const tracker = new Tracker(onWindow, packing);
  for await (const batch of batchesOf(tracker.messagesOf(windows))) {
    onRequest?.();
    for (const { window } of batch) tracker.done(window);
    tracker.throwIfFailed();
  }
  tracker.throwIfFailed();
}

/** The {@link PushedWindow} fingerprint of a window, without sending it. */
export function windowFingerprint(window: Window, packing: Packing): string {
  return fingerprintOf(Array.from(packing(window), ({ body }) => contentHash(body)));
}

function fingerprintOf(hashes: readonly string[]): string {
  return contentHash(hashes.join('\n'));
}

interface Tracked {
  totals: Totals;
  readonly invalid: readonly InvalidEntry[];
  readonly entriesAtEnd: number;
  readonly hashes: string[];
  /** Messages not yet on the queue. */
  left: number;
  isPacked: boolean;
}

/**
 * Tracks which windows are complete.
 *
 * A failure of `onWindow` is kept for {@link Tracker.throwIfFailed}. Thrown from a send callback, it would count as a
 * failed request, and its messages would be sent again.
 */
class Tracker {
  #failure: { readonly error: unknown } | undefined;
  readonly #open: Tracked[] = [];
  readonly #onWindow: (window: PushedWindow) => void;
  readonly #packing: Packing;
  readonly #attributesOf: NonNullable<PushOptions['attributesOf']>;
  #messages = 0;

  constructor(
    onWindow: (window: PushedWindow) => void,
    packing: Packing,
    attributesOf: PushOptions['attributesOf'] = () => undefined,
  ) {
    this.#onWindow = onWindow;
    this.#packing = packing;
    this.#attributesOf = attributesOf;
  }

  async *messagesOf(windows: AsyncIterable<Window>): AsyncGenerator<Message> {
    for await (const window of windows) {
      this.throwIfFailed();
      const { invalid, entriesAtEnd } = window;
      const tracked: Tracked = {
        totals: totalsOf(window),
        invalid,
        entriesAtEnd,
        hashes: [],
        left: 0,
        isPacked: false,
      };
      this.#open.push(tracked);
      for (const message of this.#packing(window)) {
        tracked.left++;
        tracked.hashes.push(contentHash(message.body));
        const { totals } = tracked;
        tracked.totals = {
          ...totals,
          messages: totals.messages + 1,
          bytes: totals.bytes + Buffer.byteLength(message.body),
        };
        const attributes = this.#attributesOf(message, this.#messages++);
        yield { ...message, ...(attributes && { attributes }), window: tracked };
      }
      tracked.isPacked = true;
      this.#settle();
    }
  }

  done(window: Tracked): void {
    window.left--;
    this.#settle();
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #settle(): void {
    while (this.#failure === undefined) {
      const [first] = this.#open;
      if (first === undefined || !first.isPacked || first.left > 0) return;
      this.#open.shift();
      const { totals, invalid, entriesAtEnd, hashes } = first;
      try {
        this.#onWindow({ totals, invalid, entriesAtEnd, fingerprint: fingerprintOf(hashes) });
      } catch (error) {
        this.#failure = { error };
      }
    }
  }
}

function totalsOf({ records, invalid, skipped, read, endPosition }: Window): Totals {
  return {
    read,
    endPosition,
    skipped: Object.fromEntries(skipped),
    invalid: invalid.length,
    sent: records.length,
    messages: 0,
    bytes: 0,
  };
}
