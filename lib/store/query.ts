import { BatchGetCommand, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { chunksOf } from '../aws/chunks.ts';
import { retry } from '../aws/retry.ts';
import { ServiceError, toServiceError } from '../aws/service-error.ts';
import { type ItemKey, keyText } from './keys.ts';
import type { TableAccess } from './table-access.ts';

/** BatchGetItem takes at most 100 keys, and stops by itself at 16 MB. */
const KEYS_PER_REQUEST = 100;
/** How long a read is retried before the caller gets the error. */
const READ_PATIENCE_MS = 5_000;
const ACTION = 'read the table';

export interface GetOptions {
  /** Epoch milliseconds; by default 5 s for each hundred keys. */
  readonly deadlineMs?: number;
  /** The clock of the deadline. */
  readonly now?: () => number;
  /** Whether the result includes every write acknowledged before the read; costs twice as much. */
  readonly isConsistent?: boolean;
}

/** TTL deletion takes up to two days; expired items don't exist for readers. Items without an expiry stay. */
export function isAlive({ expires_at }: { readonly expires_at?: number }, nowMs: number): boolean {
  return expires_at === undefined || expires_at * 1000 > nowMs;
}

/** Queries page by page, item by item. */
export async function* query<Item>(
  { client, tableName }: TableAccess,
  input: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Item> {
  try {
    for await (const page of paginateQuery({ client }, { TableName: tableName, ...input })) {
      yield* (page.Items ?? []) as Item[];
    }
  } catch (cause) {
    throw toServiceError(cause, ACTION);
  }
}

/**
 * Gets items by key, in no particular order; keys without an item are left out.
 *
 * @throws {ServiceError}
 */
export async function* getItems<Item>(
  table: TableAccess,
  keys: readonly ItemKey[],
  options: GetOptions = {},
): AsyncGenerator<Item> {
  for (const chunk of chunksOf(keys, KEYS_PER_REQUEST)) yield* await getChunk<Item>(table, chunk, options);
}

/** Gets items by key in the order of the keys, some at a time. */
export async function* getItemsInOrder<Item extends ItemKey>(
  table: TableAccess,
  keys: AsyncIterable<ItemKey> | Iterable<ItemKey>,
  itemsAtOnce: number,
): AsyncGenerator<Item> {
  let wanted: ItemKey[] = [];
  for await (const key of keys) {
    if (wanted.push(key) < itemsAtOnce) continue;
    yield* ordered<Item>(table, wanted);
    wanted = [];
  }
  yield* ordered<Item>(table, wanted);
}

async function* ordered<Item extends ItemKey>(
  table: TableAccess,
  keys: readonly ItemKey[],
): AsyncGenerator<Item> {
  const items = new Map<string, Item>();
  for await (const item of getItems<Item>(table, keys)) items.set(keyText(item), item);
  for (const key of keys) {
    const item = items.get(keyText(key));
    if (item !== undefined) yield item;
  }
}

async function getChunk<Item>(
  { client, tableName }: TableAccess,
  keys: readonly ItemKey[],
  { now = Date.now, deadlineMs = now() + READ_PATIENCE_MS, isConsistent = false }: GetOptions,
): Promise<Item[]> {
  const items: Item[] = [];
  const get = async (wanted: readonly ItemKey[], abortSignal: AbortSignal) => {
    const Keys = wanted.map(({ pk, sk }) => ({ pk, sk }));
    const request = new BatchGetCommand({
      RequestItems: { [tableName]: { Keys, ...(isConsistent && { ConsistentRead: true }) } },
    });
    const { Responses, UnprocessedKeys } = await client.send(request, { abortSignal });
    items.push(...((Responses?.[tableName] ?? []) as Item[]));
    const left = (UnprocessedKeys?.[tableName]?.Keys ?? []) as unknown as readonly ItemKey[];
    if (left.length === 0) return undefined;
    // Also returned for more than 16 MB in one request; either way the rest has to be requested again.
    return {
      left,
      error: new ServiceError('throttled', `could not ${ACTION}: ${left.length} keys unprocessed`),
    };
  };
  const outcome = await retry<readonly ItemKey[]>(keys, get, ACTION, { deadlineMs, now });
  if (outcome !== undefined) throw outcome.error;
  return items;
}
