import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { chunksOf } from '../aws/chunks.ts';
import { type Attempt, type Patience, retryBatch, type Undone } from '../aws/retry.ts';
import { ServiceError } from '../aws/service-error.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { type ItemKey, keyText } from './keys.ts';
import { withStoredText } from './stored-text.ts';
import type { TableAccess } from './table-access.ts';

/** BatchWriteItem takes at most 25 items and 16 MB; 25 items below 400 KB are 10 MB. */
const ITEMS_PER_REQUEST = 25;
/** Requests in flight; more only fill the client's socket queue. */
const CONCURRENCY = 8;
const ACTION = 'write to the table';

/**
 * Puts items, replacing those with the same key, in batches. What DynamoDB throttles or leaves unprocessed is retried
 * until the deadline. A long `content` is compressed.
 *
 * @param items with distinct keys: two puts of one key would fail a whole batch
 * @returns the items that were not written; all others were
 */
export async function writeItems<Item extends ItemKey>(
  table: TableAccess,
  items: readonly Item[],
  patience: Patience,
): Promise<Undone<Item>[]> {
  const unwritten: Undone<Item>[] = [];
  const write = (batch: readonly Item[], signal: AbortSignal) => writeBatch(table, batch, signal);
  await workThrough(chunksOf(items, ITEMS_PER_REQUEST), CONCURRENCY, async (chunk) => {
    unwritten.push(...(await retryBatch(chunk, write, ACTION, patience)));
  });
  return unwritten;
}

async function writeBatch<Item extends ItemKey>(
  { client, tableName }: TableAccess,
  items: readonly Item[],
  abortSignal: AbortSignal,
): Promise<Attempt<readonly Item[]>> {
  const RequestItems = { [tableName]: items.map((item) => ({ PutRequest: { Item: withStoredText(item) } })) };
  const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems }), { abortSignal });
  const unprocessed = UnprocessedItems?.[tableName] ?? [];
  if (unprocessed.length === 0) return undefined;
  const keys = new Set(unprocessed.map(({ PutRequest }) => keyText(PutRequest?.Item as unknown as ItemKey)));
  return {
    left: items.filter((item) => keys.has(keyText(item))),
    error: new ServiceError('throttled', `could not ${ACTION}: ${keys.size} items were left unprocessed`),
  };
}
