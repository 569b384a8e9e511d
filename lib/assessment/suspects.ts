import type { QueueAccess } from '../aws/queue-access.ts';
import { toServiceError } from '../aws/service-error.ts';
import type { TimeBudget } from '../aws/time-budget.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { contentHash } from '../records/content-hash.ts';
import type { TableAccess } from '../store/table-access.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import type { BatchFailures } from './batch-failures.ts';
import { type DeathCause, sendDeadLetter } from './dead-letter-queue.ts';
import type { QueuedMessage } from './queued-message.ts';

export interface SuspectOptions {
  readonly table: TableAccess;
  /** Where messages go that are given up; without it, none is until SQS does it by its own count. */
  readonly deadLetterQueue?: QueueAccess | undefined;
  readonly budget: TimeBudget;
}

/** What the batch does with messages. */
export interface BatchWork {
  assess(messages: readonly QueuedMessage[]): Promise<void>;
  /** Deletes what is done with. @returns messages that may be in the queue still */
  acknowledge(messages: readonly QueuedMessage[]): Promise<QueuedMessage[]>;
}

/** A message that comes for the third time may be one that kills the process. */
const SUSPECT_RECEIVE_COUNT = 3;
/** Attempts counted at the same time. */
const CONCURRENCY = 8;

export function isSuspect({ receiveCount }: QueuedMessage): boolean {
  return receiveCount >= SUSPECT_RECEIVE_COUNT;
}

/**
 * Works on messages that were delivered twice before, one at a time, when all before it is stored and deleted from the
 * queue: should one kill the process, it takes no neighbour along, and its own count says so. One that keeps killing, or
 * keeps failing by its own fault, ends in the dead-letter queue; one that fails since the table can't be reached does not.
 */
export class Suspects {
  readonly #options: SuspectOptions;
  readonly #failures: BatchFailures;
  readonly #ledger: AttemptLedger;

  constructor(options: SuspectOptions, failures: BatchFailures) {
    this.#options = options;
    this.#failures = failures;
    this.#ledger = new AttemptLedger(options.table, options.budget);
  }

  /** Counts failures of messages that are no suspects yet, where they are their own fault. */
  async noteFailures(messages: readonly QueuedMessage[]): Promise<void> {
    const failed = messages.filter(({ messageId }) => this.#failures.ownFaultOf(messageId) !== undefined);
    await workThrough(failed, CONCURRENCY, (message) => this.#end(message));
  }

  /** @param before messages of the batch that were worked on already */
  async workOn(
    suspects: readonly QueuedMessage[],
    before: readonly QueuedMessage[],
    work: BatchWork,
  ): Promise<void> {
    if (suspects.length === 0) return;
    const problem = await this.#problemOf(() => this.#ledger.read(suspects));
    if (problem !== undefined) return this.#fail(suspects, problem);
    const ordered = this.#leastSuspectFirst(suspects);
    let done = before;
    for (const [index, suspect] of ordered.entries()) {
      await this.#release(done, work);
      const { hasTimeForSuspect } = this.#options.budget;
      const hindrance = hasTimeForSuspect
        ? await this.#workOnOne(suspect, work)
        : 'no time left to score it alone';
      // Where one attempt can't be counted, the table does not answer: the others need not try.
      if (hindrance !== undefined) return this.#fail(ordered.slice(index), hindrance);
      done = [suspect];
    }
  }

  /** @returns why work could not begin, if it could not */
  async #workOnOne(suspect: QueuedMessage, work: BatchWork): Promise<string | undefined> {
    const cause = this.#ledger.causeOf(suspect);
    if (cause !== undefined && this.#options.deadLetterQueue !== undefined) {
      await this.#giveUp(suspect, cause);
      return undefined;
    }
    const problem = await this.#problemOf(() => this.#ledger.begin(suspect));
    if (problem !== undefined) return problem;
    await work.assess([suspect]);
    if (this.#failures.hasFailed(suspect.messageId)) await this.#end(suspect);
    return undefined;
  }

  /** Notes that work on a message ended that is to be delivered again, and gives it up where that was the last time. */
  async #end(message: QueuedMessage): Promise<void> {
    const ownFault = this.#failures.ownFaultOf(message.messageId);
    await this.#ledger.end(message, ownFault !== undefined);
    if (ownFault === undefined) return;
    const cause = this.#ledger.causeOf(message, ownFault);
    if (cause !== undefined) await this.#giveUp(message, cause);
  }

  /** Where the dead-letter queue does not take it, the message comes again and is given up then. */
  async #giveUp(message: QueuedMessage, cause: DeathCause): Promise<void> {
    const { deadLetterQueue, budget } = this.#options;
    if (deadLetterQueue === undefined) return;
    const patience = { deadlineMs: budget.attemptsEndMs, now: budget.now };
    const problem = await this.#problemOf(() => sendDeadLetter(deadLetterQueue, message, cause, patience));
    if (problem === undefined) this.#failures.giveUp(message.messageId, cause.reason);
    else this.#fail([message], problem);
  }

  /** Deletes what is done with. What can't be deleted must not look as if the process had died of it. */
  async #release(done: readonly QueuedMessage[], work: BatchWork): Promise<void> {
    const left = await work.acknowledge(done);
    await workThrough(left.filter(isSuspect), CONCURRENCY, (message) => this.#ledger.end(message, false));
  }

  #fail(messages: readonly QueuedMessage[], reason: string): void {
    const messageIds = messages.map(({ messageId }) => messageId);
    this.#failures.fail(messageIds, reason);
  }

  async #problemOf(work: () => Promise<void>): Promise<string | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      return toServiceError(error, 'count attempts').message;
    }
  }

  /**
   * Orders suspects: of whom the process died, or who was delivered most often, is the likeliest to do harm and comes
   * last. Among equals the order is another one at each delivery, so that a neighbour is not always behind the one that
   * kills.
   */
  #leastSuspectFirst(suspects: readonly QueuedMessage[]): QueuedMessage[] {
    const ranks = new Map(suspects.map((suspect) => [suspect, this.#rankOf(suspect)]));
    const rank = (suspect: QueuedMessage) => ranks.get(suspect) ?? '';
    return suspects.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }

  #rankOf(suspect: QueuedMessage): string {
    const { messageId, receiveCount } = suspect;
    const counts = [this.#ledger.unended(suspect), receiveCount].map((count) =>
      String(count).padStart(9, '0'),
    );
    return [...counts, contentHash(`${receiveCount} ${messageId}`)].join(' ');
  }
}
