import type { LookUpFigures, LookUpRound } from '../reputation/look-up-round.ts';
import { addressOfPartition, type ItemKey } from '../store/keys.ts';
import type { QueueAccess } from '../store/queue-access.ts';
import type { Patience } from '../store/retry.ts';
import type { StoreError } from '../store/store-error.ts';
import type { MessageStatistics, SummaryItem } from '../store/summary-item.ts';
import type { TableAccess } from '../store/table-access.ts';
import { writeItems } from '../store/write-items.ts';
import type { LookUpAccess } from './look-up-access.ts';
import type { PlanOptions, QueuedMessage } from './plan-message.ts';
import {
  type Content,
  failAll,
  type OpenContent,
  planLookedUp,
  planWindows,
  SUMMARY_RESERVE_MS,
} from './plan-windows.ts';
import { type Rejection, sendRejections } from './rejected-queue.ts';
import { sumStatistics, type Totals } from './statistics.ts';

export interface BatchOptions extends PlanOptions {
  readonly table: TableAccess;
  readonly rejectedQueue: QueueAccess;
  /** Sources of intelligence to look addresses up in; absent where there are none. */
  readonly lookUp?: LookUpAccess | undefined;
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
  /** What the look-ups of each window came to. */
  readonly lookUps: readonly LookUpFigures[];
}

/**
 * Scores the messages of one invocation and stores what they came to. What fails, fails only the messages it
 * belongs to: those are reported and will be delivered again, and write the same keys then.
 *
 * ```
 * read  ->  look up  ->  plan (pure)  ->  items + rejections  ->  summaries        for each window of messages
 *                \                        a crash here: delivered again, same keys
 *                 ->  answers that took longer  ->  plan again  ->  the items concerned, and their summaries, again
 * ```
 */
export async function assessBatch(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const failures = new Map<string, string>();
  const statistics: MessageStatistics[] = [];
  const latencies: { milliseconds: number; assessments: number }[] = [];
  const lookUps: LookUpFigures[] = [];
  for await (const { contents, round } of planWindows(messages, options, failures)) {
    await storeWindow(contents, options, failures);
    const final = round === undefined ? contents : await improveWindow(contents, round, options, failures);
    if (round !== undefined) lookUps.push(round.figures());
    for (const { deliveries, milliseconds, plan } of final) {
      const done = deliveries.filter((messageId) => !failures.has(messageId)).length;
      if (done === 0) continue;
      latencies.push({ milliseconds, assessments: plan.statistics.assessments });
      statistics.push(...outcomes(plan.statistics, done));
    }
  }
  return { failures, statistics: sumStatistics(statistics), latencies, lookUps };
}

/**
 * Waits for the answers that verdicts could not wait for, and stores what they change: the items of the addresses
 * concerned and the summaries, under the keys that they have already.
 *
 * @returns all contents as they are now
 */
async function improveWindow(
  contents: readonly Content[],
  round: LookUpRound,
  options: BatchOptions,
  failures: Map<string, string>,
): Promise<readonly Content[]> {
  const answered = await round.complete();
  if (answered.size === 0) return contents;
  const isConcerned = ({ wanted, deliveries }: OpenContent) =>
    deliveries.some((messageId) => !failures.has(messageId)) && !answered.isDisjointFrom(wanted);
  const final: Content[] = [];
  const improved: Content[] = [];
  for (const content of contents) {
    const { open, milliseconds } = content;
    const again = open && isConcerned(open) ? planLookedUp(open, round, options, failures) : undefined;
    final.push(again === undefined ? content : { ...again, milliseconds });
    if (again !== undefined) improved.push({ ...again, milliseconds });
  }
  // How many parts an address has may have changed, which any part of a summary may say.
  const concernedItems = ({ plan }: Content) => [
    ...plan.items.filter(({ pk }) => answered.has(addressOfPartition(pk))),
    ...plan.summary.slice(1),
  ];
  const { table, deadlineMs, now = Date.now } = options;
  const patience = { deadlineMs: deadlineMs - SUMMARY_RESERVE_MS, now };
  const unwritten = await writeContents(table, improved, concernedItems, patience);
  failDeliveries(unwritten, failures);
  const stored = improved.filter((content) => !unwritten.has(content));
  failDeliveries(await writeContents(table, stored, timedSummary, { deadlineMs, now }), failures);
  return final;
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
