import { chunksOf } from '../aws/chunks.ts';
import { ServiceError } from '../aws/service-error.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { changeItem, deleteItem } from './change-items.ts';
import type { Divergence } from './comparison.ts';
import {
  addressPartition,
  announcedKey,
  answerKey,
  findingPartition,
  furtherSummaryKey,
  type ItemKey,
  labelPartition,
  parseAddressItemKey,
  summaryKey,
} from './keys.ts';
import { getItems, query } from './query.ts';
import { type FurtherSummaryItem, readEntry, type SummaryItem } from './summary-item.ts';
import type { TableAccess } from './table-access.ts';
import { ADDRESS_SHARDS } from './table-schema.ts';

/** Items of each kind erased for a remote address. */
export interface ErasedOfAddress {
  /** Items with verdicts, votes and connections. */
  readonly assessments: number;
  /** Summaries, and parts of them, that named the address and no longer do. */
  readonly summaries: number;
  readonly findings: number;
  readonly labels: number;
  /** Announcements about it still to be sent. */
  readonly announcements: number;
  /** Providers' answers about it. */
  readonly answers: number;
}

/** Whether items are erased or only counted. */
export interface EraseOptions {
  readonly isDryRun: boolean;
}

/** Requests in flight. */
const CONCURRENCY = 8;
const ITEMS_AT_ONCE = 100;
/** How often a summary is read again after a concurrent write. */
const MOST_TRIES = 5;

/**
 * Erases everything stored under a remote address. Summaries come before the items they name, since the items lead to
 * them: after an interruption, calling it again erases the rest.
 *
 * @param address in canonical form
 * @throws {ServiceError}
 */
export async function eraseAddress(
  table: TableAccess,
  address: string,
  options: EraseOptions,
): Promise<ErasedOfAddress> {
  // First, so that nothing more is sent.
  const announcements = await erasePartition(table, announcedKey(address).pk, options);
  let assessments = 0;
  let summaries = 0;
  for (let shard = 0; shard < ADDRESS_SHARDS; shard++) {
    const keys = await Array.fromAsync(keysIn(table, addressPartition(address, shard)));
    for (const chunk of chunksOf(keys, ITEMS_AT_ONCE)) {
      const units = new Set(chunk.flatMap((key) => parseAddressItemKey(key)?.unit ?? []));
      await workThrough(units, CONCURRENCY, async (unit) => {
        // Read after the wait: units are changed side by side.
        const changed = await leaveOut(table, unit, address, options);
        summaries += changed;
      });
    }
    assessments += await eraseItems(table, keys, options);
  }
  return {
    assessments,
    summaries,
    findings: await erasePartition(table, findingPartition(address), options),
    labels: await erasePartition(table, labelPartition(address), options),
    announcements,
    answers: await erasePartition(table, answerKey(address, '').pk, options),
  };
}

async function erasePartition(table: TableAccess, partition: string, options: EraseOptions): Promise<number> {
  return await eraseItems(table, await Array.fromAsync(keysIn(table, partition)), options);
}

async function eraseItems(
  table: TableAccess,
  keys: readonly ItemKey[],
  { isDryRun }: EraseOptions,
): Promise<number> {
  if (!isDryRun) await workThrough(keys, CONCURRENCY, (key) => deleteItem(table, key));
  return keys.length;
}

function keysIn(table: TableAccess, partition: string): AsyncGenerator<ItemKey> {
  return query<ItemKey>(table, {
    KeyConditionExpression: 'pk = :partition',
    ExpressionAttributeValues: { ':partition': partition },
    ProjectionExpression: 'pk, sk',
    ConsistentRead: true,
  });
}

/**
 * Removes an address from a unit's summary if that names it. The statistics stay: they identify no address.
 *
 * @returns how many items of the summary named it
 */
async function leaveOut(
  table: TableAccess,
  unit: string,
  address: string,
  { isDryRun }: EraseOptions,
): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const changes = (await partsOf(table, unit)).flatMap((part) => {
      const change = changeWithout(part, address);
      return change === undefined ? [] : { part, change };
    });
    if (isDryRun) return changes.length;
    let areAllMade = true;
    for (const { part, change } of changes) areAllMade &&= await changeItem(table, part, change);
    if (areAllMade) return changes.length;
  }
  throw new ServiceError('throttled', `could not change the summary of ${unit}: others keep changing it`);
}

async function partsOf(table: TableAccess, unit: string): Promise<(SummaryItem | FurtherSummaryItem)[]> {
  const options = { isConsistent: true };
  const [summary] = await Array.fromAsync(getItems<SummaryItem>(table, [summaryKey(unit)], options));
  if (summary === undefined) return [];
  const keys = (summary.further ?? []).map((hash) => furtherSummaryKey(unit, hash));
  return [...(await Array.fromAsync(getItems<FurtherSummaryItem>(table, keys, options))), summary];
}

/** @returns undefined if the item does not name the address */
function changeWithout(item: SummaryItem | FurtherSummaryItem, address: string) {
  const entries = placesIn(item.items, (entry) => readEntry(entry).address === address);
  const divergences = placesIn(
    'divergences' in item ? item.divergences : undefined,
    (text) => (JSON.parse(text) as Divergence).address === address,
  );
  const found = [
    ...entries.map((each) => ({ ...each, path: `#items[${each.place}]` })),
    ...divergences.map((each) => ({ ...each, path: `#divergences[${each.place}]` })),
  ];
  if (found.length === 0) return undefined;
  return {
    update: `REMOVE ${found.map(({ path }) => path).join(', ')}`,
    condition: found.map(({ path }, n) => `${path} = :text${n}`).join(' AND '),
    names: {
      ...(entries.length > 0 && { '#items': 'items' }),
      ...(divergences.length > 0 && { '#divergences': 'divergences' }),
    },
    values: Object.fromEntries(found.map(({ text }, n) => [`:text${n}`, text])),
  };
}

function placesIn(texts: readonly string[] | undefined, isWanted: (text: string) => boolean) {
  return (texts ?? []).flatMap((text, place) => (isWanted(text) ? { text, place } : []));
}
