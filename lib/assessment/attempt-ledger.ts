import type { TimeBudget } from '../aws/time-budget.ts';
import { type Attempts, keepAttempt, NO_ATTEMPTS, readAttempts } from '../store/attempts.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { DeathCause } from './dead-letter-queue.ts';
import type { QueuedMessage } from './queued-message.ts';

/**
 * Deaths of the process that speak against a message. Its first two deliveries, which are not counted, may have been
 * such deaths too: then it has killed five times.
 */
const MOST_UNENDED = 3;
/** Failures that are the message's own fault. */
const MOST_FAILED = 5;

/**
 * Counts attempts in the table, since a process that dies can't report it: that work begins is written before, and that
 * it ended afterwards.
 *
 * ```
 * read -> began -> work -> ended, if the message is to be delivered again
 *               a crash here: the next delivery finds an attempt that never ended
 * ```
 *
 * Where the table can't be reached, nothing counts: no work begins, and messages come again.
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
   * Reads what was counted of messages. It also shows that the table answers before anything is written about them.
   *
   * @throws {ServiceError}
   */
  async read(messages: readonly QueuedMessage[]): Promise<void> {
    const messageIds = messages.map(({ messageId }) => messageId);
    const { attemptsEndMs: deadlineMs, now } = this.#budget;
    const found = await readAttempts(this.#table, messageIds, { deadlineMs, now });
    for (const [messageId, attempts] of found) this.#attempts.set(messageId, attempts);
  }

  /** @returns how many attempts on a message never ended */
  unended({ messageId }: QueuedMessage): number {
    return this.#of(messageId).unended.size;
  }

  /** @returns why a message is to be given up; undefined where it is not */
  causeOf({ messageId }: QueuedMessage, lastReason?: string): DeathCause | undefined {
    const { unended, failed } = this.#of(messageId);
    if (failed.size >= MOST_FAILED) {
      const last = lastReason === undefined ? '' : `, at last: ${lastReason}`;
      return { reason: `failed ${failed.size} times by itself${last}`, attempts: failed.size };
    }
    if (unended.size < MOST_UNENDED) return undefined;
    return { reason: `work on it never ended, ${unended.size} times`, attempts: unended.size };
  }

  /**
   * Notes that work on a message begins.
   *
   * @throws {ServiceError} where that is not known to be kept; then work must not begin
   */
  async begin(message: QueuedMessage): Promise<void> {
    try {
      await this.#keep(message, 'began');
    } catch (error) {
      // It may be kept all the same: a delivery that never began must not count as one that never ended.
      await this.#keep(message, 'ended').catch(() => {});
      throw error;
    }
  }

  /** Notes that work on a message ended, whatever it came to. Where that can't be kept, the delivery counts as unended. */
  async end(message: QueuedMessage, isOwnFault: boolean): Promise<void> {
    await this.#keep(message, isOwnFault ? 'failed' : 'ended').catch(() => {});
  }

  async #keep(message: QueuedMessage, event: 'began' | 'ended' | 'failed'): Promise<void> {
    const { attemptsEndMs, now } = this.#budget;
    const before = this.#of(message.messageId);
    const patience = { deadlineMs: attemptsEndMs, now };
    const kept = await keepAttempt(this.#table, message, event, before, patience);
    // Whether this delivery ends is still to be seen.
    if (event !== 'began') this.#attempts.set(message.messageId, kept);
  }

  #of(messageId: string): Attempts {
    return this.#attempts.get(messageId) ?? NO_ATTEMPTS;
  }
}
