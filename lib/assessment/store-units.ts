import type { QueueAccess } from '../aws/queue-access.ts';
import type { Patience } from '../aws/retry.ts';
import type { ServiceError } from '../aws/service-error.ts';
import type { TimeBudget } from '../aws/time-budget.ts';
import type { ItemKey } from '../store/keys.ts';
import type { SummaryItem } from '../store/summary-item.ts';
import type { TableAccess } from '../store/table-access.ts';
import { writeItems } from '../store/write-items.ts';
import { type Rejection, sendRejections } from './rejected-queue.ts';
import type { ScoredUnit } from './score-unit.ts';

export interface StoreAccess {
  readonly table: TableAccess;
  readonly rejectedQueue: QueueAccess;
}

/** A scored unit with how long after the invocation's start its verdicts were there, milliseconds. */
export interface TimedUnit extends ScoredUnit {
  readonly milliseconds: number;
}

/** Why messages have to be delivered again, by message id. */
export type StoreFailures = ReadonlyMap<string, ServiceError>;

/**
 * Stores units: their items and rejections, then the summaries of those whose items are all written.
 *
 * ```
 * items, further parts of summaries, rejections  ->  summaries
 *                                   a crash here: nothing is there yet, and the messages come again
 * ```
 *
 * @returns the messages that must be delivered again
 */
export async function storeUnits(
  units: readonly TimedUnit[],
  { table, rejectedQueue }: StoreAccess,
  budget: TimeBudget,
): Promise<StoreFailures> {
  const { itemsEndMs, endMs, now } = budget;
  const patience: Patience = { deadlineMs: itemsEndMs, now };
  const [unwritten, unsent] = await Promise.all([
    writeAll(table, units, itemsBeforeSummary, patience),
    sendRejections(rejectedQueue, fewestRejectionsFirst(units).flatMap(rejectionsOf), patience),
  ]);
  const written = units.filter((unit) => !unwritten.has(unit));
  const unsummarized = await writeAll(table, written, timedSummary, { deadlineMs: endMs, now });
  const failures = new Map(unsent);
  for (const [{ messageIds }, error] of [...unwritten, ...unsummarized]) {
    for (const messageId of messageIds) failures.set(messageId, error);
  }
  return failures;
}

function itemsBeforeSummary({ items, summary }: TimedUnit): ItemKey[] {
  return [...items, ...summary.further];
}

function timedSummary({ summary, milliseconds }: TimedUnit): SummaryItem[] {
  return [{ ...summary.first, latency_ms: milliseconds }];
}

/** @returns the units of which an item could not be written, with the first reason */
async function writeAll(
  table: TableAccess,
  units: readonly TimedUnit[],
  itemsOf: (unit: TimedUnit) => readonly ItemKey[],
  patience: Patience,
): Promise<Map<TimedUnit, ServiceError>> {
  const owners = new Map<ItemKey, TimedUnit>();
  for (const unit of units) for (const item of itemsOf(unit)) owners.set(item, unit);
  const failed = new Map<TimedUnit, ServiceError>();
  for (const { element, error } of await writeItems(table, [...owners.keys()], patience)) {
    const owner = owners.get(element);
    if (owner !== undefined && !failed.has(owner)) failed.set(owner, error);
  }
  return failed;
}

/** So that a unit of nothing but rejections takes the time that is left, not its neighbours'. */
function fewestRejectionsFirst(units: readonly TimedUnit[]): TimedUnit[] {
  return units.toSorted((a, b) => a.rejected.length - b.rejected.length);
}

/** Rejections count for each message, since source message and index identify one. */
function rejectionsOf({ messageIds, rejected }: TimedUnit): Rejection[] {
  return messageIds.flatMap((messageId) => rejected.map((each) => ({ ...each, messageId })));
}
