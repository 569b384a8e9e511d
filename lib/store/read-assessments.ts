import { recordIdentity } from '../records/record-identity.ts';
import {
  type AddressItem,
  type ReadAssessment,
  readAddressItem,
  readScorings,
  type StoredScoring,
} from './address-item.ts';
import type { AssessmentPlace } from './assessment-id.ts';
import { addressItemKey, addressPartition } from './keys.ts';
import { mergeNewestFirst } from './merge-newest-first.ts';
import { getItems, getItemsInOrder, isAlive, query } from './query.ts';
import { type ReadSummary, readSummariesBetween } from './read-summaries.ts';
import type { TableAccess } from './table-access.ts';
import { ADDRESS_SHARDS } from './table-schema.ts';
import { type TimeRange, timeline } from './timeline.ts';

/** Items that are fetched together; they are up to 400 KB each. */
const ITEMS_AT_ONCE = 25;

/**
 * All assessments of an address with the connections they cover, those with the latest connection first. A
 * connection that came in several messages is told once, with the assessment that comes first.
 *
 * @param address in canonical form
 */
export async function* readAssessmentsOf(
  table: TableAccess,
  address: string,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  const seen = new Set<string>();
  for await (const read of readAllAssessmentsOf(table, address, nowMs)) {
    const connections = read.connections.filter((connection) => isNew(recordIdentity(connection), seen));
    if (connections.length > 0) yield { ...read, connections };
  }
}

/** The same with every assessment as it is stored, repeated connections included; takes no memory for what was read. */
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
  for await (const item of mergeNewestFirst(shards, ({ sk }) => sk)) {
    if (isAlive(item, nowMs)) yield* readAddressItem(item);
  }
}

function isNew(identity: string, seen: Set<string>): boolean {
  if (seen.has(identity)) return false;
  seen.add(identity);
  return true;
}

/**
 * Assessments of items in which something was malicious, uncertain or failed, by arrival, newest first. What else
 * the same message said about the address comes with it.
 */
export async function* readAttention(table: TableAccess, range: TimeRange): AsyncGenerator<ReadAssessment> {
  const keys = timeline(table, 'attention', range);
  for await (const item of getItemsInOrder<AddressItem>(table, keys, ITEMS_AT_ONCE))
    yield* readAddressItem(item);
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

/**
 * All assessments of messages that arrived in a time range, the newest message first: by the messages' summaries, so
 * that what lies outside the range is not read.
 */
export async function* readAssessmentsBetween(
  table: TableAccess,
  range: TimeRange,
): AsyncGenerator<ReadAssessment> {
  for await (const summary of readSummariesBetween(table, range))
    yield* readAssessmentsIn(table, summary, range.nowMs);
}

/** All assessments that a message led to, in no particular order. */
export async function* readAssessmentsIn(
  table: TableAccess,
  summary: ReadSummary,
  nowMs: number,
): AsyncGenerator<ReadAssessment> {
  for await (const item of itemsOf(table, summary, nowMs)) yield* readAddressItem(item);
}

/** All inputs that were scored for a message, each once, in no particular order. */
export async function* readScoringsIn(
  table: TableAccess,
  summary: ReadSummary,
  nowMs: number,
): AsyncGenerator<StoredScoring> {
  const seen = new Set<string>();
  for await (const item of itemsOf(table, summary, nowMs)) {
    for (const scoring of readScorings(item)) {
      // What spans parts of an address's items stands in each of them.
      if (isNew(JSON.stringify(scoring.input), seen)) yield scoring;
    }
  }
}

async function* itemsOf(
  table: TableAccess,
  summary: ReadSummary,
  nowMs: number,
): AsyncGenerator<AddressItem> {
  const keys = summary.items.flatMap(({ address, latestMs, parts }) =>
    Array.from({ length: parts }, (_, part) => addressItemKey(address, summary.message, latestMs, part)),
  );
  for await (const item of getItems<AddressItem>(table, keys)) {
    if (isAlive(item, nowMs)) yield item;
  }
}
