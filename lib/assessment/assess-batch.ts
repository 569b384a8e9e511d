import type { QueueAccess } from '../aws/queue-access.ts';
import type { LookUpFigures } from '../intelligence/look-up-figures.ts';
import { sumStatistics, type Totals } from '../statistics/unit-tally.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import { AssessmentWindow, type WindowOptions } from './assess-window.ts';
import { BatchFailures } from './batch-failures.ts';
import { deleteMessages } from './delete-messages.ts';
import type { QueuedMessage } from './queued-message.ts';
import type { TimedUnit } from './store-units.ts';
import { type BatchWork, isSuspect, type SuspectOptions, Suspects } from './suspects.ts';

export interface BatchOptions extends WindowOptions, SuspectOptions {
  /** The queue that the messages are from; without it, messages are deleted by Lambda alone. */
  readonly workQueue?: QueueAccess | undefined;
}

export interface BatchOutcome {
  /** Messages to be delivered again, with why. */
  readonly failures: ReadonlyMap<string, string>;
  /** Messages that are in the dead-letter queue now, with why. */
  readonly givenUp: ReadonlyMap<string, string>;
  /** Defects that showed and cost no message, with how often. */
  readonly defects: ReadonlyMap<string, number>;
  /** What the other messages came to; a message that repeats another of the batch has duplicates only. */
  readonly statistics: Totals;
  /** For each unit assessed: how long after the start its verdicts were there, and how many they are. */
  readonly latencies: readonly { readonly milliseconds: number; readonly assessments: number }[];
  /** What the look-ups of each window came to. */
  readonly lookUps: readonly LookUpFigures[];
}

/**
 * Scores the messages of one invocation and stores what they came to. What fails, fails only the messages it belongs
 * to: those are reported and will be delivered again. Messages that were delivered twice before come last: see
 * `Suspects`.
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
  await batch.suspects.workOn(suspects, others, batch);
  return batch.outcome;
}

/** What is kept of a unit once it is stored. */
type AssessedUnit = Pick<TimedUnit, 'messageIds' | 'milliseconds' | 'statistics'> & {
  /** Its partition in the table, which messages with the same body share. */
  readonly pk: string;
};

class BatchInProgress implements BatchWork {
  readonly suspects: Suspects;
  readonly #options: BatchOptions;
  readonly #failures = new BatchFailures();
  readonly #units: AssessedUnit[] = [];
  readonly #lookUps: LookUpFigures[] = [];

  constructor(options: BatchOptions) {
    this.#options = options;
    this.suspects = new Suspects(options, this.#failures);
  }

  /** Takes messages through the corridor, window by window; each body once, since two puts of a key fail a write. */
  async assess(messages: readonly QueuedMessage[]): Promise<void> {
    let window = new AssessmentWindow(this.#options, this.#failures);
    for (const twins of Map.groupBy(messages, ({ body }) => body).values()) {
      if (!this.#options.budget.hasTimeLeft) {
        const messageIds = twins.map(({ messageId }) => messageId);
        this.#failures.fail(messageIds, 'no time left to score the message');
        continue;
      }
      window.take(twins);
      if (!window.isFull) continue;
      await this.#finish(window);
      window = new AssessmentWindow(this.#options, this.#failures);
    }
    await this.#finish(window);
  }

  async #finish(window: AssessmentWindow): Promise<void> {
    if (window.isEmpty) return;
    const { units, lookUps } = await window.finish();
    if (lookUps !== undefined) this.#lookUps.push(lookUps);
    for (const { messageIds, milliseconds, statistics, summary } of units) {
      this.#units.push({ messageIds, milliseconds, statistics, pk: summary.first.pk });
    }
  }

  /** Deletes what need not come again. Where that fails, Lambda does it later; at worst messages come again. */
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
    for (const unit of this.#units) {
      const done = unit.messageIds.filter((messageId) => !this.#failures.hasFailed(messageId)).length;
      if (done === 0) continue;
      const isRepeated = counted.has(unit.pk);
      counted.add(unit.pk);
      statistics.push(...outcomes(unit.statistics, done, isRepeated));
      if (isRepeated) continue;
      latencies.push({ milliseconds: unit.milliseconds, assessments: unit.statistics.assessments });
    }
    return {
      failures: this.#failures.messages,
      givenUp: this.#failures.givenUp,
      defects: this.#failures.defects,
      statistics: sumStatistics(statistics),
      latencies,
      lookUps: this.#lookUps,
    };
  }
}

/** Of several messages with one body, the first stores its records and the others repeat them. */
function outcomes(first: UnitStatistics, deliveries: number, isRepeated: boolean): UnitStatistics[] {
  const { stored, duplicates, rejected, records, skipped = {} } = first;
  const repeated = { ...sumStatistics([]), records, duplicates: stored + duplicates, rejected, skipped };
  return Array.from({ length: deliveries }, (_, n) => (n === 0 && !isRepeated ? first : repeated));
}
