import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { chunksOf } from '../../../aws/chunks.ts';
import type { QueueAccess } from '../../../aws/queue-access.ts';
import { toServiceError } from '../../../aws/service-error.ts';
import { type Interruption, watchInterruption } from '../interruption.ts';

/** Visibility timeout of received messages, in case this process dies before it returns them. */
const HIDDEN_SECONDS = 120;
const MESSAGES_PER_REQUEST = 10;
/** SQS may answer that a queue is empty when it is not; this many empty answers in a row are believed. */
const EMPTY_ANSWERS = 2;

/**
 * Messages received from a queue and held until they are returned: those not deleted become visible again when the work
 * ends, whether it succeeds, fails or is interrupted.
 */
export class ReceivedMessages {
  readonly #queue: QueueAccess;
  readonly #interruption: Interruption;
  readonly #held = new Map<string, Message>();

  private constructor(queue: QueueAccess, interruption: Interruption) {
    this.#queue = queue;
    this.#interruption = interruption;
  }

  /** @throws {InterruptedError} on SIGINT or SIGTERM, after returning the messages */
  static async use<Result>(
    queue: QueueAccess,
    work: (received: ReceivedMessages) => Promise<Result>,
  ): Promise<Result> {
    const interruption = watchInterruption();
    const received = new ReceivedMessages(queue, interruption);
    let result: Result;
    try {
      // A request may be waiting for a response that never comes.
      result = await Promise.race([work(received), interruption.promise]);
    } catch (error) {
      // Returning them may fail for the same reason; the first error is the one to report.
      await received.#giveBack().catch(() => {});
      throw error;
    } finally {
      interruption.forget();
    }
    await received.#giveBack();
    return result;
  }

  /** Receives until the queue has no unseen messages, up to ten at a time. */
  async *batches(): AsyncGenerator<Message[]> {
    const seen = new Set<string>();
    let emptyAnswers = 0;
    while (emptyAnswers < EMPTY_ANSWERS) {
      this.#interruption.throwIfInterrupted();
      const messages = await this.#receive();
      for (const message of messages) this.#held.set(message.MessageId ?? '', message);
      const unseen = messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      for (const { MessageId = '' } of unseen) seen.add(MessageId);
      emptyAnswers = unseen.length === 0 ? emptyAnswers + 1 : 0;
      if (unseen.length > 0) yield unseen;
    }
  }

  /** Marks a message as deleted, so it is not returned. */
  forget({ MessageId = '' }: Message): void {
    this.#held.delete(MessageId);
  }

  async #receive(): Promise<Message[]> {
    const { client, queueUrl } = this.#queue;
    const request = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: MESSAGES_PER_REQUEST,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
      VisibilityTimeout: HIDDEN_SECONDS,
      WaitTimeSeconds: 0,
    });
    try {
      return (await client.send(request)).Messages ?? [];
    } catch (cause) {
      throw toServiceError(cause, 'read the queue');
    }
  }

  async #giveBack(): Promise<void> {
    const { client, queueUrl } = this.#queue;
    for (const chunk of chunksOf([...this.#held.values()], MESSAGES_PER_REQUEST)) {
      const Entries = chunk.map(({ ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      try {
        // An entry that fails has already become visible through its timeout.
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      } catch (cause) {
        throw toServiceError(cause, 'give messages back to the queue');
      }
    }
  }
}
