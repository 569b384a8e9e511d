import type { QueueAccess } from '../aws/queue-access.ts';
import type { LookUpFigures } from '../intelligence/look-up-figures.ts';
import { sumStatistics, type Totals } from '../statistics/unit-tally.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import { AssessmentWindow, type StoredUnit, type WindowOptions } from './assess-window.ts';
import { BatchFailures } from './batch-failures.ts';
import { deleteMessages } from './delete-messages.ts';
import { EarlierDeliveries } from './earlier-deliveries.ts';
import { isPacked, minuteUnits, packedUnit } from './form-units.ts';
import { type Freshness, sumFreshness } from './freshness.ts';
import { mayBeStored, type QueuedMessage } from './queued-message.ts';
import { readBody } from './read-body.ts';
import { SmallMessages, withMessages } from './small-messages.ts';
import { type BatchWork, isSuspect, type SuspectOptions, Suspects } from './suspects.ts';

export interface BatchOptions extends WindowOptions, SuspectOptions {
  /** The queue the messages come from; without it, only Lambda deletes messages. */
  readonly workQueue?: QueueAccess | undefined;
}

export interface BatchOutcome {
  /** Messages to be delivered again, with the reason. */
  readonly failures: ReadonlyMap<string, string>;
  /** Messages now in the dead-letter queue, with the reason. */
  readonly givenUp: ReadonlyMap<string, string>;
  /** Defects that cost no message, with their number. */
  readonly defects: ReadonlyMap<string, number>;
  /** Statistics of the other messages; a message that repeats another one of the batch has duplicates only. */
  readonly statistics: Totals;
  /** For each stored unit: the time from the start of work on it to its verdicts, and the number of verdicts. */
  readonly latencies: readonly { readonly milliseconds: number; readonly assessments: number }[];
  /** New announcements in the outbox. */
  readonly announcements: number;
  readonly freshness: Freshness;
  /** Look-up figures of each window. */
  readonly lookUps: readonly LookUpFigures[];
}

/**
 * Scores the messages of one invocation and stores the results. A failure fails only the messages it belongs to: those
 * are reported and will be delivered again. Messages that were delivered twice before come last: see `Suspects`.
 */
export async function assessBatch(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const batch = new BatchInProgress(options);
  const [suspects = [], others = []] = [true, false].map((wanted) =>
    messages.filter((message) => isSuspect(message) === wanted),
  );
  await batch.assess(others);
  await batch.suspects.noteFailures(others);
  const open = new Set(await batch.withoutStored(suspects));
  const done = messages.filter((message) => !open.has(message));
  await batch.suspects.workOn([...open], done, batch);
  return batch.outcome;
}

class BatchInProgress implements BatchWork {
  readonly suspects: Suspects;
  readonly #options: BatchOptions;
  readonly #failures = new BatchFailures();
  readonly #units: StoredUnit[] = [];
  readonly #stored: EarlierDeliveries;
  readonly #lookUps: LookUpFigures[] = [];
  #announcements = 0;
  readonly #freshness: Freshness[] = [];

  constructor(options: BatchOptions) {
    this.#options = options;
    this.suspects = new Suspects(options, this.#failures);
    this.#stored = new EarlierDeliveries(options.table, options.budget);
  }

  /**
   * Assesses messages. Each body is assessed once, since two puts of one key fail a write. The shortest come first:
   * small messages don't wait for large ones.
   */
  async assess(messages: readonly QueuedMessage[]): Promise<void> {
    const { budget, isLocal } = this.#options;
    const small = new SmallMessages();
    let window = this.#newWindow();
    for (const twins of shortestFirst(messages)) {
      const messageIds = twins.map(({ messageId }) => messageId);
      if (!budget.hasTimeLeft) {
        this.#failures.fail(messageIds, 'no time left to score the message');
        continue;
      }
      const beganAtMs = budget.now();
      const body = this.#failures.attempt('reading', messageIds, () => readBody(twins, isLocal));
      if (body === undefined) continue;
      if (isPacked(body)) {
        window.take(packedUnit(body), await this.#afterSmall(small, beganAtMs));
        if (!window.isFull) continue;
        await this.#finish(window);
        window = this.#newWindow();
      } else {
        small.add(body, beganAtMs);
        if (small.isFull) await this.#assessSmall(small);
      }
    }
    await this.#assessSmall(small);
    await this.#finish(window);
  }

  /** Leaves out messages that an earlier delivery stored. Messages for which this can't be determined fail. */
  async withoutStored(messages: readonly QueuedMessage[]): Promise<QueuedMessage[]> {
    const { failed, open } = await this.#stored.sort(messages);
    for (const [{ messageId }, error] of failed) this.#failures.fail([messageId], error.message);
    return open;
  }

  /** Assesses the collected small messages together and clears the collection. */
  async #assessSmall(small: SmallMessages): Promise<void> {
    if (small.isEmpty) return;
    const { bodies, beganAtMs } = small.takeAll();
    const asked = bodies.flatMap(({ messages }) => messages).filter(mayBeStored);
    const open = new Set(await this.withoutStored(asked));
    const left = bodies.flatMap((body) => withMessages(body, (each) => !mayBeStored(each) || open.has(each)));
    const window = this.#newWindow();
    for (const unit of minuteUnits(left)) window.take(unit, beganAtMs);
    await this.#finish(window);
    for (const { messages } of left) this.#stored.note(messages.filter((each) => !this.#isFailed(each)));
  }

  /**
   * Stores the small messages before a unit that was already read. That time does not count as work on the unit.
   *
   * @returns the start of work on the unit, moved by that time
   */
  async #afterSmall(small: SmallMessages, beganAtMs: number): Promise<number> {
    if (small.isEmpty) return beganAtMs;
    const { now } = this.#options.budget;
    const readAtMs = now();
    await this.#assessSmall(small);
    return beganAtMs + now() - readAtMs;
  }

  #isFailed({ messageId }: QueuedMessage): boolean {
    return this.#failures.hasFailed(messageId);
  }

  #newWindow(): AssessmentWindow {
    return new AssessmentWindow(this.#options, this.#failures);
  }

  async #finish(window: AssessmentWindow): Promise<void> {
    if (window.isEmpty) return;
    const { units, freshness, lookUps, announcements } = await window.finish();
    this.#announcements += announcements;
    this.#freshness.push(freshness);
    if (lookUps !== undefined) this.#lookUps.push(lookUps);
    this.#units.push(...units);
  }

  /** Deletes messages that are done. If that fails, Lambda deletes them later; at worst they are delivered again. */
  async acknowledge(done: readonly QueuedMessage[]): Promise<QueuedMessage[]> {
    const { workQueue, budget } = this.#options;
    const handled = done.filter(({ messageId }) => !this.#failures.messages.has(messageId));
    if (workQueue === undefined) return handled;
    const patience = { deadlineMs: budget.deletionsEndMs, now: budget.now };
    const undone = await deleteMessages(workQueue, handled, patience);
    return undone.map(({ element }) => element);
  }

  get outcome(): BatchOutcome {
    const statistics: UnitStatistics[] = [];
    const latencies: { milliseconds: number; assessments: number }[] = [];
    const counted = new Set<string>();
    for (const { unit, milliseconds, repetitions, statistics: first } of this.#units) {
      const isRepeated = counted.has(unit);
      counted.add(unit);
      statistics.push(...outcomes(first, 1 + repetitions, isRepeated));
      if (!isRepeated) latencies.push({ milliseconds, assessments: first.assessments });
    }
    return {
      failures: this.#failures.messages,
      givenUp: this.#failures.givenUp,
      defects: this.#failures.defects,
      statistics: sumStatistics(statistics),
      latencies,
      announcements: this.#announcements,
      freshness: sumFreshness(this.#freshness),
      lookUps: this.#lookUps,
    };
  }
}

/** Small messages don't wait for large ones, and nothing waits for a message that takes long. */
function shortestFirst(messages: readonly QueuedMessage[]): QueuedMessage[][] {
  const byBody = Map.groupBy(messages, ({ body }) => body);
  return [...byBody].sort(([a], [b]) => a.length - b.length).map(([, twins]) => twins);
}

/** If several messages have the same body, the first stores its records and the others repeat them. */
function outcomes(first: UnitStatistics, deliveries: number, isRepeated: boolean): UnitStatistics[] {
  const { stored, duplicates, rejected, records, skipped = {} } = first;
  const repeated = { ...sumStatistics([]), records, duplicates: stored + duplicates, rejected, skipped };
  return Array.from({ length: deliveries }, (_, n) => (n === 0 && !isRepeated ? first : repeated));
}
