import { setTimeout as delay } from 'node:timers/promises';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { InvocationOutcome } from '../runtime/execution-environment.ts';
import type { EventSourceDefinition } from '../template/service-definition.ts';
import { type BatchEntry, EventBatch } from './event-batch.ts';
import { judgeBatchResponse } from './judge-batch-response.ts';
import { deleteMessages, receiveMessages } from './message-queue.ts';
import { type EventOrigin, toEventJson, toRecordJson } from './sqs-event.ts';

export interface EventSourcePollerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly origin: EventOrigin;
  readonly eventSource: EventSourceDefinition;
  readonly invoke: (eventJson: string) => Promise<InvocationOutcome>;
  /** Makes waiting receives of the queue return at once. */
  readonly endLongPolls: () => void;
  readonly onProblem: (line: string) => void;
}

/** The longest wait of an SQS receive, seconds. */
const LONG_POLL_SECONDS = 20;
const RETRY_DELAY_MS = 200;
/** Interval at which a receive in progress is checked, to end it as soon as it is waiting. */
const PARKING_INTERVAL_MS = 20;

/**
 * Reads a queue and invokes a function with batches, like Lambda's event source mapping, one batch at a time.
 *
 * A batch is sent when it is full by number or size, or when the batching window has passed since its first message.
 * Handled messages are deleted; failed ones become visible again after the visibility timeout. Source: AWS Lambda
 * Developer Guide, "Using Lambda with Amazon SQS", polling and batching behavior.
 */
export class EventSourcePoller {
  readonly #options: EventSourcePollerOptions;
  /** Received messages that did not fit; they begin the next batch. */
  #carried: readonly BatchEntry[] = [];
  #isPaused = false;
  #isStopped = false;
  #isParked = false;
  #resumed = Promise.withResolvers<void>();
  readonly #finished: Promise<void>;

  constructor(options: EventSourcePollerOptions) {
    this.#options = options;
    this.#finished = this.#run();
  }

  /** Stops receiving. Resolves when everything received has been passed to the function. */
  async pause(): Promise<void> {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#resumed = Promise.withResolvers();
    while (this.#isPaused && !this.#isParked && !this.#isStopped) await this.#endReceive();
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed.resolve();
  }

  /** Stops receiving. Resolves when the running invocation, if any, has ended and its messages have been handled. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.resume();
    let isFinished = false;
    const finished = this.#finished.then(() => {
      isFinished = true;
    });
    while (!isFinished) await Promise.race([finished, this.#endReceive()]);
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      if (this.#isPaused && this.#carried.length === 0) {
        this.#isParked = true;
        await this.#resumed.promise;
        this.#isParked = false;
        continue;
      }
      try {
        const batch = await this.#gather();
        if (batch.entries.length > 0 && !this.#isStopped) await this.#deliver(batch);
      } catch (error) {
        if (this.#isStopped) return;
        this.#options.onProblem(`Polling failed: ${String(error)}`);
        await delay(RETRY_DELAY_MS);
      }
    }
  }

  async #gather(): Promise<EventBatch> {
    const { batchSize, maximumBatchingWindowSeconds } = this.#options.eventSource;
    const batch = new EventBatch(batchSize);
    let isFull = this.#take(batch, this.#carried);
    let closesAt: number | undefined;
    while (!isFull && !this.#isPaused && !this.#isStopped) {
      if (batch.entries.length > 0) closesAt ??= performance.now() + maximumBatchingWindowSeconds * 1000;
      const remainingMs = closesAt === undefined ? undefined : closesAt - performance.now();
      if (remainingMs !== undefined && remainingMs <= 0) break;
      const messages = await this.#receive(batch.room, remainingMs);
      isFull = this.#take(
        batch,
        messages.map((message) => this.#toEntry(message)),
      );
    }
    return batch;
  }

  /** Fills the batch and keeps what does not fit for the next one. Returns whether the batch is full. */
  #take(batch: EventBatch, entries: readonly BatchEntry[]): boolean {
    const taken = entries.findIndex((entry) => !batch.tryAdd(entry));
    this.#carried = taken === -1 ? [] : entries.slice(taken);
    return batch.room === 0 || this.#carried.length > 0;
  }

  /** @param withinMs how long to wait for a message; by default as long as SQS allows */
  async #receive(maxMessages: number, withinMs: number | undefined): Promise<readonly Message[]> {
    const { client, queueUrl, endLongPolls } = this.#options;
    const waitSeconds = withinMs === undefined ? LONG_POLL_SECONDS : Math.ceil(withinMs / 1000);
    // SQS waits in whole seconds; the window may be shorter.
    const timer = withinMs === undefined ? undefined : setTimeout(endLongPolls, withinMs);
    try {
      return await receiveMessages(client, queueUrl, {
        maxMessages,
        waitSeconds: Math.min(waitSeconds, LONG_POLL_SECONDS),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #deliver(batch: EventBatch): Promise<void> {
    const { entries } = batch;
    const outcome = await this.#options.invoke(toEventJson(entries.map(({ recordJson }) => recordJson)));
    if (outcome.status === 'failed') return;

    const judgement = judgeBatchResponse(
      outcome.response,
      new Set(entries.map(({ messageId }) => messageId)),
      this.#options.eventSource.reportBatchItemFailures,
    );
    if (judgement.outcome === 'failure') {
      this.#options.onProblem(`The batch of ${entries.length} messages failed: ${judgement.reason}`);
      return;
    }
    const failed = judgement.outcome === 'partial' ? judgement.failedMessageIds : new Set<string>();
    const handled = entries.filter(({ messageId }) => !failed.has(messageId));
    const { client, queueUrl } = this.#options;
    await deleteMessages(
      client,
      queueUrl,
      handled.map(({ receiptHandle }) => receiptHandle),
    );
  }

  #toEntry(message: Message): BatchEntry {
    return {
      messageId: message.MessageId ?? '',
      receiptHandle: message.ReceiptHandle ?? '',
      recordJson: toRecordJson(message, this.#options.origin),
    };
  }

  async #endReceive(): Promise<void> {
    this.#options.endLongPolls();
    await delay(PARKING_INTERVAL_MS);
  }
}
