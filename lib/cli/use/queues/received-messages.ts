import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { chunksOf } from '../../../aws/chunks.ts';
import type { QueueAccess } from '../../../aws/queue-access.ts';
import { toServiceError } from '../../../aws/service-error.ts';
import { type Interruption, watchInterruption } from '../interruption.ts';

/** How long a received message is hidden from others, should this process die before it gives it back. */
const HIDDEN_SECONDS = 120;
const MESSAGES_PER_REQUEST = 10;
/** SQS may answer that a queue is empty when it is not; so often in a row is believed. */
const EMPTY_ANSWERS = 2;

/**
 * Messages of a queue, received and held until they are given back: what is not taken out is visible to others again
 * when the work ends, whether it succeeds, fails or is interrupted.
 */
export class ReceivedMessages {
  readonly #queue: QueueAccess;
  readonly #interruption: Interruption;
  readonly #held = new Map<string, Message>();

  private constructor(queue: QueueAccess, interruption: Interruption) {
    this.#queue = queue;
    this.#interruption = interruption;
  }

  /** @throws {InterruptedError} on SIGINT or SIGTERM, after the messages were given back */
  static async use<Result>(
    queue: QueueAccess,
    work: (received: ReceivedMessages) => Promise<Result>,
  ): Promise<Result> {
    const interruption = watchInterruption();
    const received = new ReceivedMessages(queue, interruption);
    let result: Result;
    try {
      // A request may be waiting for an answer that does not come.
      result = await Promise.race([work(received), interruption.promise]);
    } catch (error) {
      // Giving back may fail for the same reason; the first error is the one to tell.
      await received.#giveBack().catch(() => {});
      throw error;
    } finally {
      interruption.forget();
    }
    await received.#giveBack();
    return result;
  }

  /** Receives until the queue has no more that were not seen before, up to ten messages at a time. */
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

  /** Says that a message is deleted and need not be given back. */
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
        // An entry that fails has been given back by its own timeout already.
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      } catch (cause) {
        throw toServiceError(cause, 'give messages back to the queue');
      }
    }
  }
}
