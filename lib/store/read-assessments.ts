import { recordIdentity } from '../records/record-identity.ts';
import type { AddressItem } from './address-item.ts';
import { type AssessmentName, listingsName } from './assessment-id.ts';
import { addressPartition, parseAddressItemKey } from './keys.ts';
import { getListedItems, type ListedItems, pickListed, readListed } from './listed-items.ts';
import { mergeNewestFirst } from './merge-newest-first.ts';
import { NamedItems } from './named-items.ts';
import { query } from './query.ts';
import {
  type ReadAssessment,
  readAddressItems,
  readScoredConnections,
  readScorings,
  type StoredScoring,
} from './read-address-items.ts';
import { type ReadSummary, readSummariesBetween } from './read-summaries.ts';
import { type DistinctUnit, distinctUnits } from './shared-messages.ts';
import type { TableAccess } from './table-access.ts';
import { ADDRESS_SHARDS } from './table-schema.ts';
import type { TimeRange } from './timeline.ts';

/** Items that are checked together against the summaries that should name them; each is up to 400 KB. */
const ITEMS_AT_ONCE = 25;

/**
 * Reads all assessments of an address with the connections they cover, latest connection first. A connection that
 * arrived in several units is returned once, with the first of its assessments.
 *
 * @param address in canonical form
 */
export async function* readAssessmentsOf(
  table: TableAccess,
  address: string,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  yield* onlyNew(readAllAssessmentsOf(table, address, nowMs), new Set());
}

/** Leaves out connections already returned, by identity, and assessments that have no others. */
async function* onlyNew(
  assessments: AsyncIterable<ReadAssessment>,
  shown: Set<string>,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    const left = withNewOf(read, shown);
    if (left !== undefined) yield left;
  }
}

/** @returns undefined if all connections were already returned */
function withNewOf(read: ReadAssessment, shown: Set<string>): ReadAssessment | undefined {
  const connections = read.connections.filter((connection) => isNew(recordIdentity(connection), shown));
  return connections.length === 0 ? undefined : { ...read, connections };
}

/** Reads assessments as `readAssessmentsOf` does, repeated connections included; it keeps nothing it has read. */
export async function* readAllAssessmentsOf(
  table: TableAccess,
  address: string,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  const shards = Array.from({ length: ADDRESS_SHARDS }, (_, shard) =>
    query<AddressItem>(table, {
      KeyConditionExpression: 'pk = :partition',
      ExpressionAttributeValues: { ':partition': addressPartition(address, shard) },
      ScanIndexForward: false,
    }),
  );
  const named = new NamedItems(table, nowMs);
  const items = mergeNewestFirst(shards, ({ sk }) => sk);
  for await (const batch of batchesOfUnits(items)) {
    await named.load(batch.map(({ unit }) => unit));
    for (const { unit, items: found } of batch) {
      const list = named.listOf({ address, unit });
      if (list === undefined) continue;
      yield* readListed(table, pickListed(list, found, nowMs), readAddressItems);
    }
  }
}

interface ItemsOfUnit {
  readonly unit: string;
  readonly items: AddressItem[];
}

/** Groups items by unit, some units at a time; items of one unit follow one another. */
async function* batchesOfUnits(items: AsyncIterable<AddressItem>): AsyncGenerator<ItemsOfUnit[]> {
  let batch: ItemsOfUnit[] = [];
  let size = 0;
  for await (const item of items) {
    const unit = parseAddressItemKey(item)?.unit;
    if (unit === undefined) continue;
    const last = batch.at(-1);
    if (last?.unit === unit) last.items.push(item);
    else {
      if (size >= ITEMS_AT_ONCE) {
        yield batch;
        batch = [];
        size = 0;
      }
      batch.push({ unit, items: [item] });
    }
    size++;
  }
  yield batch;
}

function isNew(identity: string, seen: Set<string>): boolean {
  if (seen.has(identity)) return false;
  seen.add(identity);
  return true;
}

/**
 * Reads an assessment by its name; undefined if there is none or it has expired. If the age of the abuse report has
 * changed since, because an answer came late, or the lists have, the endpoint's current assessment is returned.
 */
export async function readAssessment(
  table: TableAccess,
  name: AssessmentName,
  nowMs: number,
): Promise<ReadAssessment | undefined> {
  const [found] = await readAssessmentsNamed(table, [name], nowMs);
  return found;
}

/** Reads several assessments by name as `readAssessment` does, in the order of the names. */
export async function readAssessmentsNamed(
  table: TableAccess,
  names: readonly AssessmentName[],
  nowMs: number,
): Promise<(ReadAssessment | undefined)[]> {
  const named = new NamedItems(table, nowMs);
  await named.load(names.map(({ unit }) => unit));
  const places = new Map(names.map((name) => [placeOf(name), name]));
  const lists = [...places.values()].flatMap((name) => named.listOf(name) ?? []);
  const read = await Array.fromAsync(readLists(table, lists, nowMs));
  const byPlace = Map.groupBy(read, placeOf);
  return names.map((name) => {
    const found = (byPlace.get(placeOf(name)) ?? []).filter(({ endpoints }) =>
      endpoints.includes(name.endpoint),
    );
    const isOfThatAge = ({ assessment }: ReadAssessment) =>
      assessment.input.report_age_days === name.reportAgeDays;
    const isListedSo = ({ assessment }: ReadAssessment) =>
      listingsName(assessment.lookups?.listings?.intel) === name.listed;
    return (
      found.find((each) => isOfThatAge(each) && isListedSo(each)) ??
      found.find(isOfThatAge) ??
      found.find(isListedSo) ??
      found[0]
    );
  });
}

function placeOf({ unit, address }: Pick<AssessmentName, 'unit' | 'address'>): string {
  return `${unit} ${address}`;
}

/**
 * Reads all assessments of units that arrived in a time range, the newest unit first. It reads by their summaries, so
 * that nothing outside the range is read. What two deliveries of one message stored is returned once.
 *
 * @param isWanted selects by remote address; other addresses are not read
 */
export async function* readAssessmentsBetween(
  table: TableAccess,
  range: TimeRange,
  isWanted?: (address: string) => boolean,
): AsyncGenerator<ReadAssessment> {
  for await (const { summary, shown } of distinctUnits(readSummariesBetween(table, range))) {
    const items = isWanted ? summary.items.filter(({ address }) => isWanted(address)) : summary.items;
    yield* readDistinctIn(table, { summary: { ...summary, items }, shown }, range.nowMs);
  }
}

/** Reads the assessments of a unit that have a connection not yet returned from another unit. */
export function readDistinctIn(
  table: TableAccess,
  { summary, shown }: DistinctUnit,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  const read = readAssessmentsIn(table, summary, nowMs);
  return shown === undefined ? read : onlyNew(read, shown);
}

/** Reads all assessments of a unit, address by address. */
export function readAssessmentsIn(
  table: TableAccess,
  summary: Pick<ReadSummary, 'unit' | 'items'>,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  return readLists(table, listsOf(summary), nowMs);
}

/**
 * Reads all inputs scored for a unit, each once, address by address, except those whose connections were all returned
 * from another unit.
 */
export async function* readScoringsIn(
  table: TableAccess,
  {
    summary,
    shown,
  }: { readonly summary: Pick<ReadSummary, 'unit' | 'items'>; readonly shown?: Set<string> | undefined },
  nowMs: number,
): AsyncGenerator<StoredScoring> {
  for await (const items of getListedItems(table, listsOf(summary), nowMs)) {
    if (shown === undefined) yield* readListed(table, items, readScorings);
    else {
      for (const { scoring, connections } of readListed(table, items, readScoredConnections)) {
        const found = connections.filter((connection) => isNew(recordIdentity(connection), shown));
        if (found.length > 0) yield scoring;
      }
    }
  }
}

async function* readLists(
  table: TableAccess,
  lists: Iterable<ListedItems>,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  for await (const items of getListedItems(table, lists, nowMs)) {
    yield* readListed(table, items, readAddressItems);
  }
}

function listsOf({ unit, items }: Pick<ReadSummary, 'unit' | 'items'>): ListedItems[] {
  return items.map((list) => ({ ...list, unit }));
}
