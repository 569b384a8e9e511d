import type { QueueAccess } from '../aws/queue-access.ts';
import type { LookUpFigures } from '../intelligence/look-up-figures.ts';
import { contentHash } from '../records/content-hash.ts';
import { sumStatistics, type Totals } from '../statistics/unit-tally.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import { AssessmentWindow, type WindowOptions } from './assess-window.ts';
import { BatchFailures } from './batch-failures.ts';
import { deleteMessages } from './delete-messages.ts';
import type { QueuedMessage } from './queued-message.ts';
import type { TimedUnit } from './store-units.ts';

export interface BatchOptions extends WindowOptions {
  /** The queue that the messages are from; without it, messages are deleted by Lambda alone. */
  readonly workQueue?: QueueAccess | undefined;
}

export interface BatchOutcome {
  /** Messages to be delivered again, with why. */
  readonly failures: ReadonlyMap<string, string>;
  /** Defects that showed and cost no message, with how often. */
  readonly defects: ReadonlyMap<string, number>;
  /** What the other messages came to; a message that repeats another of the batch has duplicates only. */
  readonly statistics: Totals;
  /** For each unit assessed: how long after the start its verdicts were there, and how many they are. */
  readonly latencies: readonly { readonly milliseconds: number; readonly assessments: number }[];
  /** What the look-ups of each window came to. */
  readonly lookUps: readonly LookUpFigures[];
}

/** A message that comes for the third time may be one that kills the process. */
const SUSPECT_RECEIVE_COUNT = 3;

/**
 * Scores the messages of one invocation and stores what they came to. What fails, fails only the messages it belongs
 * to: those are reported and will be delivered again.
 *
 * A message that was delivered twice before comes last and alone, when all before it is stored and deleted from the
 * queue: should it kill the process, it takes no neighbour along.
 */
export async function assessBatch(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const batch = new BatchInProgress(options);
  let done = messages.filter(({ receiveCount }) => receiveCount < SUSPECT_RECEIVE_COUNT);
  await batch.assess(done);
  for (const suspect of leastReceivedFirst(messages)) {
    await batch.acknowledge(done);
    done = [suspect];
    await batch.assess(done);
  }
  return batch.outcome;
}

/** What is kept of a unit once it is stored. */
type AssessedUnit = Pick<TimedUnit, 'messageIds' | 'milliseconds' | 'statistics'> & {
  /** Its partition in the table, which messages with the same body share. */
  readonly pk: string;
};

/**
 * Orders the suspects: whoever was delivered most often is the likeliest to do harm and comes last. Among equals the
 * order is another one at each delivery, so that a neighbour is not always behind the one that kills.
 */
function leastReceivedFirst(messages: readonly QueuedMessage[]): QueuedMessage[] {
  const suspects = messages.filter(({ receiveCount }) => receiveCount >= SUSPECT_RECEIVE_COUNT);
  const lots = new Map(suspects.map((suspect) => [suspect, lotOf(suspect)]));
  const lot = (suspect: QueuedMessage) => lots.get(suspect) ?? '';
  return suspects.sort((a, b) => a.receiveCount - b.receiveCount || (lot(a) < lot(b) ? -1 : 1));
}

function lotOf({ messageId, receiveCount }: QueuedMessage): string {
  return contentHash(`${receiveCount} ${messageId}`);
}

class BatchInProgress {
  readonly #options: BatchOptions;
  readonly #failures = new BatchFailures();
  readonly #units: AssessedUnit[] = [];
  readonly #lookUps: LookUpFigures[] = [];

  constructor(options: BatchOptions) {
    this.#options = options;
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

  /** Deletes what is stored. Where that fails, Lambda does it later; at worst messages come again. */
  async acknowledge(done: readonly QueuedMessage[]): Promise<void> {
    const { workQueue, budget } = this.#options;
    const stored = done.filter(({ messageId }) => !this.#failures.hasFailed(messageId));
    if (workQueue === undefined || stored.length === 0) return;
    const patience = { deadlineMs: budget.deletionsEndMs, now: budget.now };
    await deleteMessages(workQueue, stored, patience).catch(() => {});
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
      defects: this.#failures.defects,
      statistics: sumStatistics(statistics),
      latencies,
      lookUps: this.#lookUps,
    };
  }
}

/** Of several messages with one body, the first stores its records and the others repeat them. */
function outcomes(first: UnitStatistics, deliveries: number, isRepeated: boolean): UnitStatistics[] {
  const { stored, duplicates, rejected, records } = first;
  const repeated = { ...sumStatistics([]), records, duplicates: stored + duplicates, rejected };
  return Array.from({ length: deliveries }, (_, n) => (n === 0 && !isRepeated ? first : repeated));
}
