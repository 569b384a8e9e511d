import { type ServiceError, toServiceError } from '../aws/service-error.ts';
import type { TimeBudget } from '../aws/time-budget.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { minuteOf } from '../store/keys.ts';
import { readStoredMessages, type StoredMessages } from '../store/stored-messages.ts';
import type { TableAccess } from '../store/table-access.ts';
import { originOf, type QueuedMessage } from './queued-message.ts';

/** Minutes read at the same time. */
const CONCURRENCY = 4;

/** Knows which small messages earlier deliveries stored. Each minute is read once per invocation. */
export class EarlierDeliveries {
  readonly #table: TableAccess;
  readonly #budget: TimeBudget;
  readonly #minutes = new Map<number, StoredMessages | ServiceError>();
  /** Stored by this invocation, perhaps after the minutes were read. */
  readonly #noted = new Set<string>();

  constructor(table: TableAccess, budget: TimeBudget) {
    this.#table = table;
    this.#budget = budget;
  }

  /** Notes messages that are now stored: the same batch may hold another delivery of one. */
  note(messages: readonly QueuedMessage[]): void {
    for (const message of messages) this.#noted.add(originOf(message).messageId);
  }

  /** @returns messages that are not stored, and those for which this can't be determined, with the reason */
  async sort(messages: readonly QueuedMessage[]): Promise<{
    readonly open: QueuedMessage[];
    readonly failed: ReadonlyMap<QueuedMessage, ServiceError>;
  }> {
    const wanted = new Set(messages.map((message) => minuteOf(originOf(message).sentAtMs)));
    const unread = [...wanted].filter((minute) => !this.#minutes.has(minute));
    await workThrough(unread, CONCURRENCY, (minute) => this.#read(minute));
    const open: QueuedMessage[] = [];
    const failed = new Map<QueuedMessage, ServiceError>();
    for (const message of messages) {
      const { messageId, sentAtMs } = originOf(message);
      const stored = this.#minutes.get(minuteOf(sentAtMs));
      if (this.#noted.has(messageId)) continue;
      if (stored instanceof Error) failed.set(message, stored);
      else if (stored?.has(messageId) !== true) open.push(message);
    }
    return { open, failed };
  }

  async #read(minute: number): Promise<void> {
    const { storedReadEndMs: deadlineMs, now } = this.#budget;
    try {
      this.#minutes.set(minute, await readStoredMessages(this.#table, minute, { deadlineMs, now }));
    } catch (error) {
      this.#minutes.set(minute, toServiceError(error, 'look up messages'));
    }
  }
}
