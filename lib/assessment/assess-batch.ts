import type { ItemKey } from '../store/keys.ts';
import type { Patience } from '../store/retry.ts';
import type { StoreError } from '../store/store-error.ts';
import type { MessageStatistics, SummaryItem } from '../store/summary-item.ts';
import type { TableAccess } from '../store/table-access.ts';
import { writeItems } from '../store/write-items.ts';
import { type MessagePlan, type PlanOptions, planMessage, type QueuedMessage } from './plan-message.ts';
import { type QueueAccess, type Rejection, sendRejections } from './rejected-queue.ts';
import { sumStatistics, type Totals } from './statistics.ts';

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
  readonly statistics: Totals;
  /** For each message assessed: how long after the start its verdicts were there, and how many they are. */
  readonly latencies: readonly { readonly milliseconds: number; readonly assessments: number }[];
}

/** Kept back from the items' time for the summaries, which are written after them. */
const SUMMARY_RESERVE_MS = 2_000;

/**
 * Records that are planned before they are written: an ordinary batch is one window, so that its verdicts don't
 * wait for writes; a larger one takes no more memory for it.
 */
const WINDOW_RECORDS = 5_000;

/**
 * Scores the messages of one invocation and stores what they came to. What fails, fails only the messages it
 * belongs to: those are reported and will be delivered again, and write the same keys then.
 *
 * ```
 * plan (pure)  ->  items + rejections  ->  summaries        for each window of messages
 *                  a crash here: delivered again, same keys
 * ```
 */
export async function assessBatch(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const failures = new Map<string, string>();
  const statistics: MessageStatistics[] = [];
  const latencies: { milliseconds: number; assessments: number }[] = [];
  for (const window of planWindows(messages, options, failures)) {
    await storeWindow(window, options, failures);
    for (const content of window) {
      const done = content.deliveries.filter((messageId) => !failures.has(messageId)).length;
      if (done === 0) continue;
      const { milliseconds, plan } = content;
      latencies.push({ milliseconds, assessments: plan.statistics.assessments });
      statistics.push(...outcomes(plan.statistics, done));
    }
  }
  return { failures, statistics: sumStatistics(statistics), latencies };
}

/** What messages with one body have in common. */
interface Content {
  readonly plan: MessagePlan;
  /** How long after the invocation's start its verdicts were there. */
  readonly milliseconds: number;
  /** Message ids; more than one where the same body came twice. */
  readonly deliveries: readonly string[];
}

/** Plans each distinct body once: two puts of one key would fail a whole write. */
function* planWindows(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
  failures: Map<string, string>,
): Generator<Content[]> {
  const { now = Date.now, startedAtMs, deadlineMs } = options;
  let window: Content[] = [];
  let records = 0;
  for (const [body, deliveries] of Map.groupBy(messages, (message) => message.body)) {
    const [message] = deliveries;
    const messageIds = deliveries.map(({ messageId }) => messageId);
    if (message === undefined) continue;
    if (now() >= deadlineMs - SUMMARY_RESERVE_MS) {
      failAll(messageIds, 'no time left to score the message', failures);
      continue;
    }
    try {
      const plan = planMessage({ ...message, body }, options);
      window.push({ plan, milliseconds: now() - startedAtMs, deliveries: messageIds });
      records += plan.statistics.records;
    } catch (error) {
      // A defect, not bad input: the message ends in the dead-letter queue, its neighbours are stored.
      failAll(
        messageIds,
        error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        failures,
      );
    }
    if (records < WINDOW_RECORDS) continue;
    yield window;
    window = [];
    records = 0;
  }
  if (window.length > 0) yield window;
}

async function storeWindow(
  contents: readonly Content[],
  { table, rejectedQueue, deadlineMs, now = Date.now }: BatchOptions,
  failures: Map<string, string>,
): Promise<void> {
  const firstPhase: Patience = { deadlineMs: deadlineMs - SUMMARY_RESERVE_MS, now };
  const [unwritten, unsent] = await Promise.all([
    writeContents(table, contents, itemsBeforeSummary, firstPhase),
    sendRejections(rejectedQueue, fewestRejectionsFirst(contents).flatMap(rejectionsOf), firstPhase),
  ]);
  failDeliveries(unwritten, failures);
  for (const [messageId, error] of unsent) failures.set(messageId, error.message);

  const stored = contents.filter((content) => !unwritten.has(content));
  failDeliveries(await writeContents(table, stored, timedSummary, { deadlineMs, now }), failures);
}

/** A large summary's further parts go first: part 0 says that all is there. */
function itemsBeforeSummary({ plan }: Content): ItemKey[] {
  return [...plan.items, ...plan.summary.slice(1)];
}

function timedSummary({ plan, milliseconds }: Content): SummaryItem[] {
  return plan.summary.slice(0, 1).map((item) => ({ ...item, latency_ms: milliseconds }));
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
  for (const [{ deliveries }, error] of failed) failAll(deliveries, error.message, failures);
}

function failAll(messageIds: readonly string[], reason: string, failures: Map<string, string>): void {
  for (const messageId of messageIds) failures.set(messageId, reason);
}

/** So that a message of nothing but rejections takes the time that is left, not its neighbours'. */
function fewestRejectionsFirst(contents: readonly Content[]): Content[] {
  return contents.toSorted((a, b) => a.plan.rejected.length - b.plan.rejected.length);
}

/** Each delivery's rejections count, since (source message id, index) identifies one. */
function rejectionsOf({ plan, deliveries }: Content): Rejection[] {
  return deliveries.flatMap((messageId) => plan.rejected.map((rejected) => ({ ...rejected, messageId })));
}

/** Of several messages with one body, the first stores its records and the others repeat them. */
function outcomes(first: MessageStatistics, deliveries: number): MessageStatistics[] {
  const { stored, duplicates, rejected, records } = first;
  const repeated = { ...sumStatistics([]), records, duplicates: stored + duplicates, rejected };
  return [first, ...Array.from({ length: deliveries - 1 }, () => repeated)];
}
