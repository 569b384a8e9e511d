import type { LookUpFigures, LookUpRound } from '../reputation/look-up-round.ts';
import { type ItemKey, parseAddressItemKey } from '../store/keys.ts';
import type { QueueAccess } from '../store/queue-access.ts';
import type { Patience } from '../store/retry.ts';
import type { StoreError } from '../store/store-error.ts';
import type { SummaryItem } from '../store/summary-item.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import { writeItems } from '../store/write-items.ts';
import { BatchFailures } from './batch-failures.ts';
import { deleteMessages } from './delete-messages.ts';
import type { LookUpAccess } from './look-up-access.ts';
import type { PlanOptions } from './plan-message.ts';
import {
  type Content,
  type OpenContent,
  planLookedUp,
  planWindows,
  SUMMARY_RESERVE_MS,
} from './plan-windows.ts';
import type { QueuedMessage } from './queued-message.ts';
import { type Rejection, sendRejections } from './rejected-queue.ts';
import { sumStatistics, type Totals } from './statistics.ts';

export interface BatchOptions extends PlanOptions {
  readonly table: TableAccess;
  readonly rejectedQueue: QueueAccess;
  /** The queue that the messages are from; without it, messages are deleted by Lambda alone. */
  readonly workQueue?: QueueAccess | undefined;
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
  /** Defects that showed and cost no message, with how often. */
  readonly defects: ReadonlyMap<string, number>;
  /** What the other messages came to; a message that repeats another of the batch has duplicates only. */
  readonly statistics: Totals;
  /** For each message assessed: how long after the start its verdicts were there, and how many they are. */
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
 * ```
 * read  ->  look up  ->  plan (pure)  ->  items + rejections  ->  summaries        for each window of messages
 *                \                        a crash here: delivered again, nothing is there yet
 *                 ->  answers that took longer  ->  plan again  ->  the items concerned, then their summaries
 * ```
 *
 * A message that was delivered twice before comes last and alone, when all before it is stored and deleted from the
 * queue: should it kill the process, it takes no neighbour along.
 */
export async function assessBatch(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const batch: BatchInProgress = {
    failures: new BatchFailures(),
    statistics: [],
    latencies: [],
    lookUps: [],
  };
  let done = messages.filter(({ receiveCount }) => receiveCount < SUSPECT_RECEIVE_COUNT);
  await assessTogether(done, options, batch);
  for (const suspect of leastReceivedFirst(messages)) {
    await acknowledge(done, options, batch.failures);
    done = [suspect];
    await assessTogether(done, options, batch);
  }
  const { failures, statistics, latencies, lookUps } = batch;
  return {
    failures: failures.messages,
    defects: failures.defects,
    statistics: sumStatistics(statistics),
    latencies,
    lookUps,
  };
}

interface BatchInProgress {
  readonly failures: BatchFailures;
  readonly statistics: UnitStatistics[];
  readonly latencies: { milliseconds: number; assessments: number }[];
  readonly lookUps: LookUpFigures[];
}

/** What is left of the invocation belongs to the messages that come after. */
const DELETE_PATIENCE_MS = 2_000;

/** Whoever was delivered most often is the likeliest to do harm. */
function leastReceivedFirst(messages: readonly QueuedMessage[]): QueuedMessage[] {
  return messages
    .filter(({ receiveCount }) => receiveCount >= SUSPECT_RECEIVE_COUNT)
    .sort((a, b) => a.receiveCount - b.receiveCount);
}

/** Where messages can't be deleted now, Lambda does it later; at worst they come again and write what they wrote. */
async function acknowledge(
  done: readonly QueuedMessage[],
  { workQueue, deadlineMs, now = Date.now }: BatchOptions,
  failures: BatchFailures,
): Promise<void> {
  const stored = done.filter(({ messageId }) => !failures.hasFailed(messageId));
  if (workQueue === undefined || stored.length === 0) return;
  const patience = { deadlineMs: Math.min(now() + DELETE_PATIENCE_MS, deadlineMs - SUMMARY_RESERVE_MS), now };
  await deleteMessages(workQueue, stored, patience).catch(() => {});
}

async function assessTogether(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
  { failures, statistics, latencies, lookUps }: BatchInProgress,
): Promise<void> {
  for await (const { contents, round } of planWindows(messages, options, failures)) {
    await storeWindow(contents, options, failures);
    const final = round === undefined ? contents : await improve(contents, round, options, failures);
    const figures = round && failures.spare('counting look-ups', () => round.figures());
    if (figures !== undefined) lookUps.push(figures);
    for (const { deliveries, milliseconds, plan } of final) {
      const done = deliveries.filter((messageId) => !failures.hasFailed(messageId)).length;
      if (done === 0) continue;
      latencies.push({ milliseconds, assessments: plan.statistics.assessments });
      statistics.push(...outcomes(plan.statistics, done));
    }
  }
}

/** Improves what is stored as far as that goes: verdicts are there, and a defect must not cost them. */
async function improve(
  contents: readonly Content[],
  round: LookUpRound,
  options: BatchOptions,
  failures: BatchFailures,
): Promise<readonly Content[]> {
  const improved = await failures.spareAsync('using late answers', () =>
    improveWindow(contents, round, options, failures),
  );
  return improved ?? contents;
}

/**
 * Waits for the answers that verdicts could not wait for, and stores what they change: the items of the addresses
 * concerned, then the summaries that name them.
 *
 * @returns all contents as they are now
 */
async function improveWindow(
  contents: readonly Content[],
  round: LookUpRound,
  options: BatchOptions,
  failures: BatchFailures,
): Promise<readonly Content[]> {
  const answered = await round.complete();
  if (answered.size === 0) return contents;
  const isConcerned = ({ wanted, deliveries }: OpenContent) =>
    deliveries.some((messageId) => !failures.hasFailed(messageId)) && !answered.isDisjointFrom(wanted);
  const final: Content[] = [];
  const improved: Content[] = [];
  for (const content of contents) {
    const { open } = content;
    const again = open && isConcerned(open) ? planAgain(content, open, round, options) : undefined;
    final.push(again ?? content);
    if (again !== undefined) improved.push(again);
  }
  const concernedItems = ({ plan }: Content): ItemKey[] => [
    ...plan.items.filter((item) => answered.has(parseAddressItemKey(item)?.address ?? '')),
    ...plan.summary.further,
  ];
  const { table, deadlineMs, now = Date.now } = options;
  const patience = { deadlineMs: deadlineMs - SUMMARY_RESERVE_MS, now };
  const unwritten = await writeContents(table, improved, concernedItems, patience);
  failDeliveries(unwritten, failures);
  const stored = improved.filter((content) => !unwritten.has(content));
  failDeliveries(await writeContents(table, stored, timedSummary, { deadlineMs, now }), failures);
  return final;
}

/** @returns undefined where a defect shows that did not show before: what is stored stands */
function planAgain(
  { plan, milliseconds }: Content,
  open: OpenContent,
  round: LookUpRound,
  options: BatchOptions,
): Content | undefined {
  const again = planLookedUp(open, round, options, new BatchFailures());
  if (again === undefined || again.plan.defects.length > plan.defects.length) return undefined;
  return { ...again, milliseconds };
}

async function storeWindow(
  contents: readonly Content[],
  { table, rejectedQueue, deadlineMs, now = Date.now }: BatchOptions,
  failures: BatchFailures,
): Promise<void> {
  const firstPhase: Patience = { deadlineMs: deadlineMs - SUMMARY_RESERVE_MS, now };
  const [unwritten, unsent] = await Promise.all([
    writeContents(table, contents, itemsBeforeSummary, firstPhase),
    sendRejections(rejectedQueue, fewestRejectionsFirst(contents).flatMap(rejectionsOf), firstPhase),
  ]);
  failDeliveries(unwritten, failures);
  for (const [messageId, error] of unsent) failures.fail([messageId], error.message);

  const stored = contents.filter((content) => !unwritten.has(content));
  failDeliveries(await writeContents(table, stored, timedSummary, { deadlineMs, now }), failures);
}

function itemsBeforeSummary({ plan }: Content): ItemKey[] {
  return [...plan.items, ...plan.summary.further];
}

function timedSummary({ plan, milliseconds }: Content): SummaryItem[] {
  return [{ ...plan.summary.first, latency_ms: milliseconds }];
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

function failDeliveries(failed: ReadonlyMap<Content, StoreError>, failures: BatchFailures): void {
  for (const [{ deliveries }, error] of failed) failures.fail(deliveries, error.message);
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
function outcomes(first: UnitStatistics, deliveries: number): UnitStatistics[] {
  const { stored, duplicates, rejected, records } = first;
  const repeated = { ...sumStatistics([]), records, duplicates: stored + duplicates, rejected };
  return [first, ...Array.from({ length: deliveries - 1 }, () => repeated)];
}
