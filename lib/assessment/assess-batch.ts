import type { ItemKey } from '../store/keys.ts';
import type { Patience } from '../store/retry.ts';
import type { StoreError } from '../store/store-error.ts';
import type { MessageStatistics, SummaryItem } from '../store/summary-item.ts';
import type { TableAccess } from '../store/table-access.ts';
import { writeItems } from '../store/write-items.ts';
import { type MessagePlan, type PlanOptions, planMessage, type QueuedMessage } from './plan-message.ts';
import { type QueueAccess, type Rejection, sendRejections } from './rejected-queue.ts';
import { sumStatistics } from './statistics.ts';

export interface BatchOptions extends PlanOptions {
  readonly table: TableAccess;
  readonly rejectedQueue: QueueAccess;
  /** When the invocation began, and by when the batch must be done; epoch milliseconds. */
  readonly startedAtMs: number;
  readonly deadlineMs: number;
  readonly now?: () => number;
}

export interface BatchOutcome {
  /** Messages to be delivered again, with why. */
  readonly failures: ReadonlyMap<string, string>;
  /** What the other messages came to; a message that repeats another of the batch has duplicates only. */
  readonly statistics: MessageStatistics;
  /** For each message assessed: how long after the start its verdicts were there, and how many they are. */
  readonly latencies: readonly { readonly milliseconds: number; readonly assessments: number }[];
}

/** Kept back from the items' time for the summaries, which are written after them. */
const SUMMARY_RESERVE_MS = 2_000;

/**
 * Scores the messages of one invocation and stores what they came to. What fails, fails only the messages it
 * belongs to: those are reported and will be delivered again, and write the same keys then.
 *
 * ```
 * plan (pure)  ->  items + rejections  ->  summaries
 *                  a crash here: delivered again, same keys
 * ```
 */
export async function assessBatch(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const { table, rejectedQueue, deadlineMs, now = Date.now } = options;
  const failures = new Map<string, string>();
  const { contents, latencies } = planContents(messages, options, failures);

  const firstPhase: Patience = { deadlineMs: deadlineMs - SUMMARY_RESERVE_MS, now };
  const [unwritten, unsent] = await Promise.all([
    writeContents(table, contents, ({ plan }) => plan.items, firstPhase),
    sendRejections(rejectedQueue, fewestRejectionsFirst(contents).flatMap(rejectionsOf), firstPhase),
  ]);
  failDeliveries(unwritten, failures);
  for (const [messageId, error] of unsent) failures.set(messageId, error.message);

  const stored = contents.filter((content) => !unwritten.has(content));
  const unsummarized = await writeContents(table, stored, timedSummary, { deadlineMs, now });
  failDeliveries(unsummarized, failures);

  return {
    failures,
    statistics: sumStatistics(contents.flatMap((content) => outcomes(content, failures))),
    latencies,
  };
}

/** What messages with one body have in common. */
interface Content {
  readonly plan: MessagePlan;
  /** How long after the invocation's start its verdicts were there. */
  readonly milliseconds: number;
  /** Message ids; more than one where the same body came twice. */
  readonly deliveries: string[];
}

/** Plans each distinct body once: two puts of one key would fail a whole write. */
function planContents(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
  failures: Map<string, string>,
): Pick<BatchOutcome, 'latencies'> & { contents: Content[] } {
  const { now = Date.now } = options;
  const contents = new Map<string, Content>();
  const latencies: { milliseconds: number; assessments: number }[] = [];
  for (const message of messages) {
    const known = contents.get(message.body);
    if (known !== undefined) {
      known.deliveries.push(message.messageId);
      continue;
    }
    try {
      const plan = planMessage(message, options);
      const milliseconds = now() - options.startedAtMs;
      contents.set(message.body, { plan, milliseconds, deliveries: [message.messageId] });
      latencies.push({ milliseconds, assessments: plan.statistics.assessments });
    } catch (error) {
      // A defect, not bad input: the message ends in the dead-letter queue, its neighbours are stored.
      failures.set(
        message.messageId,
        error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      );
    }
  }
  return { contents: [...contents.values()], latencies };
}

/** @returns the contents of which an item could not be written, with the first reason */
async function writeContents(
  table: TableAccess,
  contents: readonly Content[],
  itemsOf: (content: Content) => readonly ItemKey[],
  patience: Patience,
): Promise<Map<Content, StoreError>> {
  const owners = new Map<ItemKey, Content>();
  for (const content of contents) for (const item of itemsOf(content)) owners.set(item, content);
  const failed = new Map<Content, StoreError>();
  for (const { element, error } of await writeItems(table, [...owners.keys()], patience)) {
    const owner = owners.get(element);
    if (owner !== undefined && !failed.has(owner)) failed.set(owner, error);
  }
  return failed;
}

function failDeliveries(failed: ReadonlyMap<Content, StoreError>, failures: Map<string, string>): void {
  for (const [{ deliveries }, error] of failed) {
    for (const messageId of deliveries) failures.set(messageId, error.message);
  }
}

function timedSummary({ plan, milliseconds }: Content): SummaryItem[] {
  return plan.summary.map((item) => (item.statistics ? { ...item, latency_ms: milliseconds } : item));
}

/** So that a message of nothing but rejections takes the time that is left, not its neighbours'. */
function fewestRejectionsFirst(contents: readonly Content[]): Content[] {
  return contents.toSorted((a, b) => a.plan.rejected.length - b.plan.rejected.length);
}

/** Each delivery's rejections count, since (source message id, index) identifies one. */
function rejectionsOf({ plan, deliveries }: Content): Rejection[] {
  return deliveries.flatMap((messageId) => plan.rejected.map((rejected) => ({ ...rejected, messageId })));
}

function outcomes({ plan, deliveries }: Content, failures: ReadonlyMap<string, string>): MessageStatistics[] {
  const { statistics } = plan;
  const { stored, duplicates, rejected, records } = statistics;
  const repeated = { ...sumStatistics([]), records, duplicates: stored + duplicates, rejected };
  const done = deliveries.filter((messageId) => !failures.has(messageId));
  return done.map((_, index) => (index === 0 ? statistics : repeated));
}
