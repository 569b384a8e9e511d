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
  /** Destination of messages that are given up; without it, messages are only given up by SQS, by its own count. */
  readonly deadLetterQueue?: QueueAccess | undefined;
  readonly budget: TimeBudget;
}

/** Operations of the batch on messages. */
export interface BatchWork {
  assess(messages: readonly QueuedMessage[]): Promise<void>;
  /** Deletes messages that are done. @returns messages that may still be in the queue */
  acknowledge(messages: readonly QueuedMessage[]): Promise<QueuedMessage[]>;
}

/** A message delivered for the third time may be one that kills the process. */
const SUSPECT_RECEIVE_COUNT = 3;
/**
 * Suspects with nothing counted against them are processed in groups of this size. If one of them kills the process,
 * the others are delivered again and processed one by one: this number fits into one invocation, at about twenty per
 * second.
 */
const GROUP_MESSAGES = 250;
/** Failures counted at the same time. */
const CONCURRENCY = 8;

export function isSuspect({ receiveCount }: QueuedMessage): boolean {
  return receiveCount >= SUSPECT_RECEIVE_COUNT;
}

/**
 * Processes messages that were delivered twice before, after all messages before them are stored and deleted from the
 * queue. After an outage that is every message, so messages with nothing counted against them are processed in groups.
 * Work that began and never ended counts against each message of its group: from then on each is processed alone, so
 * that its own count shows whether it is the one that kills, and it takes no other message along. A message that keeps
 * killing, or keeps failing through its own fault, ends in the dead-letter queue; one that fails because the table
 * can't be reached does not.
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

  /** Counts failures of messages that are not suspects yet, if the failure is their own fault. */
  async noteFailures(messages: readonly QueuedMessage[]): Promise<void> {
    await this.#end(messages.filter(({ messageId }) => this.#failures.ownFaultOf(messageId) !== undefined));
  }

  /** @param before messages of the batch that were already processed */
  async workOn(
    suspects: readonly QueuedMessage[],
    before: readonly QueuedMessage[],
    work: BatchWork,
  ): Promise<void> {
    if (suspects.length === 0) return;
    const problem = await this.#problemOf(() => this.#ledger.read(suspects));
    if (problem !== undefined) return this.#fail(suspects, problem);
    const groups = this.#groupsOf(this.#leastSuspectFirst(suspects));
    let done = before;
    for (const [index, group] of groups.entries()) {
      await this.#release(done, work);
      const { hasTimeForSuspect } = this.#options.budget;
      const hindrance = hasTimeForSuspect
        ? await this.#workOnGroup(group, work)
        : 'no time left to begin with it';
      // If attempts can't be counted, the table does not answer: the other groups need not try.
      if (hindrance !== undefined) return this.#fail(groups.slice(index).flat(), hindrance);
      done = group;
    }
  }

  /** A message with an attempt counted against it is a group by itself. */
  #groupsOf(ordered: readonly QueuedMessage[]): QueuedMessage[][] {
    const groups: QueuedMessage[][] = [];
    let open: QueuedMessage[] | undefined;
    for (const suspect of ordered) {
      if (!this.#ledger.isClear(suspect)) groups.push([suspect]);
      else if (open === undefined || open.length >= GROUP_MESSAGES) {
        open = [suspect];
        groups.push(open);
      } else open.push(suspect);
    }
    return groups;
  }

  /** @returns why work could not begin; undefined if it did */
  async #workOnGroup(group: readonly QueuedMessage[], work: BatchWork): Promise<string | undefined> {
    const [first] = group;
    const cause = first && this.#ledger.causeOf(first);
    if (first !== undefined && cause !== undefined && this.#options.deadLetterQueue !== undefined) {
      await this.#giveUp(first, cause);
      return undefined;
    }
    const problem = await this.#problemOf(() => this.#ledger.begin(group));
    if (problem !== undefined) return problem;
    await work.assess(group);
    await this.#end(group.filter(({ messageId }) => this.#failures.hasFailed(messageId)));
    return undefined;
  }

  /**
   * Records that work ended on messages that are to be delivered again, and gives up those for which it was the last
   * attempt.
   */
  async #end(messages: readonly QueuedMessage[]): Promise<void> {
    const isOwnFault = ({ messageId }: QueuedMessage) => this.#failures.ownFaultOf(messageId) !== undefined;
    await this.#ledger.end(messages.filter((message) => !isOwnFault(message)));
    await workThrough(messages.filter(isOwnFault), CONCURRENCY, async (message) => {
      await this.#ledger.endByOwnFault(message);
      const cause = this.#ledger.causeOf(message, this.#failures.ownFaultOf(message.messageId));
      if (cause !== undefined) await this.#giveUp(message, cause);
    });
  }

  /** If the dead-letter queue does not accept it, the message is delivered again and given up then. */
  async #giveUp(message: QueuedMessage, cause: DeathCause): Promise<void> {
    const { deadLetterQueue, budget } = this.#options;
    if (deadLetterQueue === undefined) return;
    const patience = { deadlineMs: budget.attemptsEndMs, now: budget.now };
    const problem = await this.#problemOf(() => sendDeadLetter(deadLetterQueue, message, cause, patience));
    if (problem === undefined) this.#failures.giveUp(message.messageId, cause.reason);
    else this.#fail([message], problem);
  }

  /** Deletes messages that are done. A message that can't be deleted must not look as if the process had died of it. */
  async #release(done: readonly QueuedMessage[], work: BatchWork): Promise<void> {
    const left = await work.acknowledge(done);
    await this.#ledger.end(left.filter(isSuspect));
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
   * Orders suspects: those with attempts counted against them, or with the most deliveries, are the likeliest to do
   * harm and come last. Among equals the order differs at each delivery, so that a message is not always behind the one
   * that kills.
   */
  #leastSuspectFirst(suspects: readonly QueuedMessage[]): QueuedMessage[] {
    const ranks = new Map(suspects.map((suspect) => [suspect, this.#rankOf(suspect)]));
    const rank = (suspect: QueuedMessage) => ranks.get(suspect) ?? '';
    return suspects.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }

  #rankOf(suspect: QueuedMessage): string {
    const { messageId, receiveCount } = suspect;
    const isCharged = this.#ledger.isClear(suspect) ? 0 : 1;
    const counts = [isCharged, this.#ledger.unended(suspect), receiveCount];
    const padded = counts.map((count) => String(count).padStart(9, '0'));
    return [...padded, contentHash(`${receiveCount} ${messageId}`)].join(' ');
  }
}
