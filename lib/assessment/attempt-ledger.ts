import type { TimeBudget } from '../aws/time-budget.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { type Attempts, keepAttempt, NO_ATTEMPTS, readAttempts } from '../store/attempts.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { DeathCause } from './dead-letter-queue.ts';
import type { QueuedMessage } from './queued-message.ts';

/**
 * Process deaths after which a message is given up. Its first two deliveries, which are not counted, may have killed
 * the process too, so that it may have killed five times.
 */
const MOST_UNENDED = 3;
/** Failures caused by the message itself. */
const MOST_FAILED = 5;
/** Attempts counted at the same time: each is a separate request, since they are counted as a set. */
const CONCURRENCY = 32;

/**
 * Counts attempts in the table, since a process that dies can't report it: the start of work is written before it, and
 * its end afterwards.
 *
 * ```
 * read -> began -> work -> ended, if the message is to be delivered again
 *               a crash here: the next delivery finds an attempt that never ended
 * ```
 *
 * If the table can't be reached, nothing counts: no work begins, and messages are delivered again.
 */
export class AttemptLedger {
  readonly #table: TableAccess;
  readonly #budget: TimeBudget;
  readonly #attempts = new Map<string, Attempts>();

  constructor(table: TableAccess, budget: TimeBudget) {
    this.#table = table;
    this.#budget = budget;
  }

  /**
   * Reads the counts of messages. It also shows that the table answers before anything is written about them.
   *
   * @throws {ServiceError}
   */
  async read(messages: readonly QueuedMessage[]): Promise<void> {
    const messageIds = messages.map(({ messageId }) => messageId);
    const { attemptsEndMs: deadlineMs, now } = this.#budget;
    const found = await readAttempts(this.#table, messageIds, { deadlineMs, now });
    for (const [messageId, attempts] of found) this.#attempts.set(messageId, attempts);
  }

  /** Whether no attempt counts against a message. */
  isClear({ messageId }: QueuedMessage): boolean {
    const { unended, failed } = this.#of(messageId);
    return unended.size === 0 && failed.size === 0;
  }

  /** @returns how many attempts at a message never ended */
  unended({ messageId }: QueuedMessage): number {
    return this.#of(messageId).unended.size;
  }

  /** @returns why a message is given up; undefined if it is not */
  causeOf({ messageId }: QueuedMessage, lastReason?: string): DeathCause | undefined {
    const { unended, failed } = this.#of(messageId);
    if (failed.size >= MOST_FAILED) {
      const last = lastReason === undefined ? '' : `, most recently: ${lastReason}`;
      return { reason: `failed ${failed.size} times on its own${last}`, attempts: failed.size };
    }
    if (unended.size < MOST_UNENDED) return undefined;
    return { reason: `processing never finished, ${unended.size} times`, attempts: unended.size };
  }

  /**
   * Records that work on messages begins.
   *
   * @throws {ServiceError} if it is not certain that this is stored for each; then work must not begin
   */
  async begin(messages: readonly QueuedMessage[]): Promise<void> {
    const { attemptsEndMs } = this.#budget;
    try {
      await workThrough(messages, CONCURRENCY, (message) => this.#keep(message, 'began', attemptsEndMs));
    } catch (error) {
      // It may be stored anyway: a delivery that never began must not count as one that never ended.
      await this.end(messages);
      throw error;
    }
  }

  /**
   * Records that work on messages ended, for a reason outside of them. If that can't be stored soon, the delivery
   * counts as unended.
   */
  async end(messages: readonly QueuedMessage[]): Promise<void> {
    const { attemptsEndMs } = this.#budget;
    await workThrough(messages, CONCURRENCY, async (message) => {
      await this.#keep(message, 'ended', attemptsEndMs).catch(() => {});
    });
  }

  /** Records that work on a message ended because of the message itself; if that can't be stored, see `end`. */
  async endByOwnFault(message: QueuedMessage): Promise<void> {
    await this.#keep(message, 'failed', this.#budget.attemptsEndMs).catch(() => {});
  }

  async #keep(
    message: QueuedMessage,
    event: 'began' | 'ended' | 'failed',
    deadlineMs: number,
  ): Promise<void> {
    const before = this.#of(message.messageId);
    const patience = { deadlineMs, now: this.#budget.now };
    const kept = await keepAttempt(this.#table, message, event, before, patience);
    // It is still open whether this delivery ends.
    if (event !== 'began') this.#attempts.set(message.messageId, kept);
  }

  #of(messageId: string): Attempts {
    return this.#attempts.get(messageId) ?? NO_ATTEMPTS;
  }
}
