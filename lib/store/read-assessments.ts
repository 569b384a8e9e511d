import { type AddressItem, type ReadAssessment, readAddressItem } from './address-item.ts';
import type { AssessmentPlace } from './assessment-id.ts';
import { addressItemKey, addressPartition, type ItemKey } from './keys.ts';
import { mergeNewestFirst } from './merge-newest-first.ts';
import { getItems, isAlive, query } from './query.ts';
import type { ReadSummary } from './read-summaries.ts';
import type { TableAccess } from './table-access.ts';
import { ADDRESS_SHARDS } from './table-schema.ts';
import { type TimeRange, timeline } from './timeline.ts';

/** Items that are fetched together; they are up to 400 KB each. */
const KEYS_AT_ONCE = 25;

/**
 * All assessments of an address with the connections they cover, those with the latest connection first.
 *
 * @param address in canonical form
 */
export async function* readAssessmentsOf(
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
  for await (const item of mergeNewestFirst(shards, ({ sk }) => sk)) {
    if (isAlive(item, nowMs)) yield* readAddressItem(item);
  }
}

/**
 * Assessments of items in which something was malicious, uncertain or failed, by arrival, newest first. What else
 * the same message said about the address comes with it.
 */
export async function* readAttention(table: TableAccess, range: TimeRange): AsyncGenerator<ReadAssessment> {
  let keys: ItemKey[] = [];
  for await (const key of timeline(table, 'attention', range)) {
    if (keys.push(key) < KEYS_AT_ONCE) continue;
    yield* readInOrder(table, keys);
    keys = [];
  }
  yield* readInOrder(table, keys);
}

/** An assessment by its id; undefined where there is none or it has expired. */
export async function readAssessment(
  table: TableAccess,
  { key, index }: AssessmentPlace,
  nowMs: number,
): Promise<ReadAssessment | undefined> {
  for await (const item of getItems<AddressItem>(table, [key])) {
    if (isAlive(item, nowMs)) return readAddressItem(item)[index];
  }
  return undefined;
}

async function* readInOrder(table: TableAccess, keys: readonly ItemKey[]): AsyncGenerator<ReadAssessment> {
  const items = new Map<string, AddressItem>();
  for await (const item of getItems<AddressItem>(table, keys)) items.set(item.pk + item.sk, item);
  for (const { pk, sk } of keys) {
    const item = items.get(pk + sk);
    if (item !== undefined) yield* readAddressItem(item);
  }
}

/** All assessments that a message led to, in no particular order. */
export async function* readAssessmentsIn(
  table: TableAccess,
  summary: ReadSummary,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  const keys = summary.items.flatMap(({ address, latestMs, parts }) =>
    Array.from({ length: parts }, (_, part) => addressItemKey(address, summary.message, latestMs, part)),
  );
  for await (const item of getItems<AddressItem>(table, keys)) {
    if (isAlive(item, nowMs)) yield* readAddressItem(item);
  }
}
