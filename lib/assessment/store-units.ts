import type { QueueAccess } from '../aws/queue-access.ts';
import type { Patience } from '../aws/retry.ts';
import type { ServiceError } from '../aws/service-error.ts';
import type { TimeBudget } from '../aws/time-budget.ts';
import { type ItemKey, parseAddressItemKey } from '../store/keys.ts';
import type { SummaryItem } from '../store/summary-item.ts';
import type { TableAccess } from '../store/table-access.ts';
import { timesText } from '../store/unit-times.ts';
import { writeItems } from '../store/write-items.ts';
import { type Losses, lossesOf } from './lost-sources.ts';
import type { FindingNotes, Noted } from './note-findings.ts';
import { originOf } from './queued-message.ts';
import { sendRejections } from './rejected-queue.ts';
import type { ScoredUnit, SummarizedUnit } from './score-unit.ts';
import { type SightingOptions, sightingsOf } from './sightings.ts';

export interface StoreAccess extends SightingOptions {
  readonly table: TableAccess;
  readonly rejectedQueue: QueueAccess;
  /** Where findings are noted and announcements decided; if absent, neither is done. */
  readonly notes?: FindingNotes | undefined;
}

/** A scored unit with the time from the start of work on it to its verdicts, milliseconds. */
export interface TimedUnit extends ScoredUnit {
  readonly milliseconds: number;
  /** When it was stored, milliseconds since the invocation's start; absent if it is not stored yet. */
  readonly storedMs?: number | undefined;
}

export interface StoredUnits {
  /** The stored part of each unit; units with nothing stored are absent. */
  readonly stored: ReadonlyMap<TimedUnit, SummarizedUnit>;
  /** Why messages have to be delivered again, by message id. */
  readonly failures: ReadonlyMap<string, ServiceError>;
  /** New announcements in the outbox. */
  readonly announcements: number;
}

/** Selects which addresses of a unit are written: all, or those that changed since they were last written. */
export type ChangeFilter = (address: string) => boolean;

/**
 * Stores units: findings and their announcements, then items and rejections, then the summaries of what is written.
 *
 * ```
 * findings, announcements  ->  items, rejections  ->  further parts of summaries  ->  summaries
 *                a crash up to here: no summary names the items, and the messages are delivered again;
 *                announcements decided by then are known, and not decided again
 * ```
 *
 * Findings come first, since items may replace those of an earlier delivery that a summary already names: if this
 * delivery died in between, its findings would never be noted.
 *
 * @param isChanged limits what is written before the summaries, for units that were stored before
 */
export async function storeUnits(
  units: readonly TimedUnit[],
  access: StoreAccess,
  budget: TimeBudget,
  isChanged?: ChangeFilter,
): Promise<StoredUnits> {
  const { table, rejectedQueue } = access;
  const { itemsEndMs, now } = budget;
  const patience: Patience = { deadlineMs: itemsEndMs, now };
  const noted = await noteSightings(units, access, budget, isChanged);
  const rejections =
    isChanged === undefined ? fewestRejectionsFirst(units.map(({ rejected }) => rejected)) : [];
  const [unwritten, unsent] = await Promise.all([
    writeAll(table, units, (unit) => itemsOf(unit, isChanged), patience),
    sendRejections(rejectedQueue, rejections, patience),
  ]);
  const written = units.map((unit) => {
    const errors: Errors = {
      byAddress: errorsByAddress(unwritten.get(unit)),
      bySource: errorsBySource(unit, unsent),
    };
    return { unit, errors, losses: lossesOf(unit, errors.byAddress, errors.bySource) };
  });
  const failures = new Map<string, ServiceError>();
  const left: Summarized[] = [];
  for (const { unit, errors, losses: before } of written) {
    const unnoted = unit.addresses.flatMap(({ address }) => {
      const error = noted?.failures.get(address);
      return error === undefined ? [] : ([[address, error]] as const);
    });
    const losses =
      unnoted.length === 0
        ? before
        : lossesOf(unit, new Map([...unnoted, ...errors.byAddress]), errors.bySource);
    for (const [place, error] of losses.sources) failSource(unit, place, error, failures);
    if (losses.sources.size < unit.read.sources.length) {
      left.push({ unit, losses, result: whatIsLeft(unit, losses) });
    }
  }
  const stored = await writeSummaries(table, left, failures, budget);
  return { stored, failures, announcements: noted?.announcements ?? 0 };
}

interface Errors {
  readonly byAddress: ReadonlyMap<string, ServiceError>;
  readonly bySource: ReadonlyMap<number, ServiceError>;
}

async function noteSightings(
  units: readonly TimedUnit[],
  { notes, ...options }: StoreAccess,
  { findingsEndMs, now }: TimeBudget,
  isChanged: ChangeFilter = () => true,
): Promise<Noted | undefined> {
  if (notes === undefined) return undefined;
  const sightings = units.flatMap((unit) =>
    unit.addresses
      .filter(({ address }) => isChanged(address))
      .flatMap((each) => sightingsOf(unit, each, options)),
  );
  return sightings.length === 0 ? undefined : await notes.note(sightings, { deadlineMs: findingsEndMs, now });
}

function whatIsLeft(unit: TimedUnit, { sources, addresses }: Losses): SummarizedUnit {
  return sources.size === 0 ? unit : unit.summarizeWithout(new Set(sources.keys()), addresses);
}

interface Summarized {
  readonly unit: TimedUnit;
  readonly losses: Losses;
  readonly result: SummarizedUnit;
}

/** Writes further parts before the summaries that name them. */
async function writeSummaries(
  table: TableAccess,
  summarized: readonly Summarized[],
  failures: Map<string, ServiceError>,
  { startedAtMs, endMs: deadlineMs, now }: TimeBudget,
): Promise<Map<TimedUnit, SummarizedUnit>> {
  const patience: Patience = { deadlineMs, now };
  const incomplete = await writeAll(table, summarized, ({ result }) => result.summary.further, patience);
  const complete = summarized.filter((each) => !incomplete.has(each));
  const storedMs = now() - startedAtMs;
  const unsummarized = await writeAll(table, complete, (each) => timedSummary(each, storedMs), patience);
  const stored = new Map<TimedUnit, SummarizedUnit>();
  for (const each of summarized) {
    const { unit, losses, result } = each;
    const [undone] = incomplete.get(each) ?? unsummarized.get(each) ?? [];
    if (undone === undefined) stored.set(unit, result);
    else {
      for (const place of unit.read.sources.keys()) {
        if (!losses.sources.has(place)) failSource(unit, place, undone.error, failures);
      }
    }
  }
  return stored;
}

/** @param elapsedMs since the start of the invocation, milliseconds */
function timedSummary({ unit, result }: Summarized, elapsedMs: number): SummaryItem[] {
  const { milliseconds: latency_ms, storedMs: stored_ms = Math.max(0, Math.round(elapsedMs)) } = unit;
  return [{ ...result.summary.first, times: timesText({ latency_ms, stored_ms }) }];
}

function itemsOf({ addresses }: TimedUnit, isChanged: ChangeFilter = () => true): ItemKey[] {
  return addresses.flatMap(({ address, items }) => (isChanged(address) ? items : []));
}

interface Unwritten {
  readonly item: ItemKey;
  readonly error: ServiceError;
}

/** @returns the failed writes, by their owner */
async function writeAll<Owner>(
  table: TableAccess,
  all: readonly Owner[],
  itemsOfOwner: (owner: Owner) => readonly ItemKey[],
  patience: Patience,
): Promise<Map<Owner, Unwritten[]>> {
  const owners = new Map<ItemKey, Owner>();
  for (const owner of all) for (const item of itemsOfOwner(owner)) owners.set(item, owner);
  const failed = new Map<Owner, Unwritten[]>();
  for (const { element: item, error } of await writeItems(table, [...owners.keys()], patience)) {
    const owner = owners.get(item);
    if (owner === undefined) continue;
    const unwritten = failed.get(owner);
    if (unwritten === undefined) failed.set(owner, [{ item, error }]);
    else unwritten.push({ item, error });
  }
  return failed;
}

function errorsByAddress(unwritten: readonly Unwritten[] = []): Map<string, ServiceError> {
  return new Map(unwritten.map(({ item, error }) => [parseAddressItemKey(item)?.address ?? '', error]));
}

/** @param unsent by the id that rejections name their message by */
function errorsBySource(
  unit: TimedUnit,
  unsent: ReadonlyMap<string, ServiceError>,
): Map<number, ServiceError> {
  const found = new Map<number, ServiceError>();
  if (unsent.size === 0) return found;
  for (const [place, { messages }] of unit.read.sources.entries()) {
    for (const message of messages) {
      const error = unsent.get(originOf(message).messageId);
      if (error !== undefined) found.set(place, error);
    }
  }
  return found;
}

function failSource(
  unit: TimedUnit,
  place: number,
  error: ServiceError,
  failures: Map<string, ServiceError>,
): void {
  for (const { messageId } of unit.read.sources[place]?.messages ?? []) failures.set(messageId, error);
}

/** A unit that consists of rejections only uses the time that is left, not that of its neighbours. */
function fewestRejectionsFirst<Each>(lists: readonly (readonly Each[])[]): Each[] {
  return lists.toSorted((a, b) => a.length - b.length).flat();
}
