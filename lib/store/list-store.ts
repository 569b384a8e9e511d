import { DeleteCommand, GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { toServiceError } from '../aws/service-error.ts';
import type { PackedRanges } from '../intelligence/lists/packed-ranges.ts';
import type { ListStore, StoredList } from '../intelligence/lists/stored-list.ts';
import { type ItemKey, keyText, LISTS_KEY, listChunkKey } from './keys.ts';
import { getItems } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';
import { writeItems } from './write-items.ts';

/** A part of a list, packed as {@link PackedRanges}. */
interface ChunkItem extends ItemKey {
  readonly schema: number;
  readonly expires_at: number;
  readonly family: 4 | 6;
  readonly count: number;
  readonly ranges: Uint8Array;
}

/** In the index, each list is an attribute, so that two lists stored at once don't overwrite each other. */
const PREFIX = 'list_';
const READ_TIMEOUT_MS = 2_000;
/** For a whole list. */
const WRITE_PATIENCE_MS = 60_000;

export function createListStore(table: TableAccess): ListStore {
  return {
    list: (nowMs) => readLists(table, nowMs),
    load: (list) => loadList(table, list),
  };
}

/** The lists that have not expired, in order of name. */
export async function readLists(table: TableAccess, nowMs: number): Promise<StoredList[]> {
  const lists = await readIndex(table);
  return lists
    .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** The ranges of a list, in order; undefined if the list is no longer, or not yet, complete. */
export async function loadList(table: TableAccess, list: StoredList): Promise<PackedRanges[] | undefined> {
  const keys = chunkKeys(list);
  const chunks = new Map<string, PackedRanges>();
  for await (const item of getItems<ChunkItem>(table, keys)) {
    const chunk = readUnderstood(table, item, ({ family, count, ranges }) => ({
      family,
      count,
      bytes: ranges,
    }));
    if (chunk !== undefined) chunks.set(keyText(item), chunk);
  }
  const inOrder = keys.map((key) => chunks.get(keyText(key))).filter((chunk) => chunk !== undefined);
  return inOrder.length === list.chunks ? inOrder : undefined;
}

/**
 * Stores a list and then replaces the source's older one in a single write: readers see either the old list or the new
 * one, each complete. If this is interrupted, the chunks already written expire, and storing the list again does all of
 * it.
 *
 * ```
 * chunk 0 ... chunk n-1 | index points to the new version | chunks of the old version are deleted
 *   old list in force   |  new list in force
 * ```
 *
 * @param list of a version of its own
 * @returns the list that was replaced
 */
export async function replaceList(
  table: TableAccess,
  list: StoredList,
  chunks: readonly PackedRanges[],
  onProgress: (chunks: number) => void = () => {},
): Promise<StoredList | undefined> {
  const keys = chunkKeys(list);
  const expires_at = Math.ceil(list.expiresAtMs / 1000);
  const patience = { deadlineMs: Date.now() + WRITE_PATIENCE_MS };
  for (const [index, { family, count, bytes }] of chunks.entries()) {
    const key = keys[index] as ItemKey;
    const item: ChunkItem = { ...key, schema: SCHEMA_VERSION, expires_at, family, count, ranges: bytes };
    const [unwritten] = await writeItems(table, [item], patience);
    if (unwritten !== undefined) throw unwritten.error;
    onProgress(index + 1);
  }
  const replaced = await putEntry(table, list);
  if (replaced !== undefined && replaced.version !== list.version) await deleteChunks(table, replaced);
  return replaced;
}

/**
 * Removes a list: functions stop using it as soon as they read the index again.
 *
 * @returns the list that was removed; undefined if there is none of that name
 */
export async function removeList(table: TableAccess, source: string): Promise<StoredList | undefined> {
  const removed = await removeEntry(table, source);
  if (removed !== undefined) await deleteChunks(table, removed);
  return removed;
}

async function readIndex(table: TableAccess): Promise<StoredList[]> {
  const { client, tableName } = table;
  try {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: LISTS_KEY }), {
      abortSignal: AbortSignal.timeout(READ_TIMEOUT_MS),
    });
    return (Item && readUnderstood(table, Item as IndexItem, listsIn)) ?? [];
  } catch (cause) {
    throw toServiceError(cause, 'read the index of lists');
  }
}

type IndexItem = ItemKey & { readonly schema: number };

function listsIn(item: IndexItem): StoredList[] {
  const lists = Object.entries(item).filter(([name]) => name.startsWith(PREFIX));
  return lists.map(
    ([name, entry]) => ({ ...(entry as object), source: name.slice(PREFIX.length) }) as StoredList,
  );
}

async function putEntry(
  table: TableAccess,
  { source, ...entry }: StoredList,
): Promise<StoredList | undefined> {
  return await updateIndex(table, source, 'put the list into the index', {
    UpdateExpression: 'SET #list = :list, #schema = :schema',
    ExpressionAttributeValues: { ':list': entry, ':schema': SCHEMA_VERSION },
  });
}

async function removeEntry(table: TableAccess, source: string): Promise<StoredList | undefined> {
  return await updateIndex(table, source, 'remove the list from the index', {
    UpdateExpression: 'SET #schema = :schema REMOVE #list',
    ExpressionAttributeValues: { ':schema': SCHEMA_VERSION },
  });
}

/** Changes a list's entry in the index, named `#list`. @returns the previous entry */
async function updateIndex(
  { client, tableName }: TableAccess,
  source: string,
  action: string,
  update: Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'>,
): Promise<StoredList | undefined> {
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: LISTS_KEY,
        ...update,
        ExpressionAttributeNames: { '#list': `${PREFIX}${source}`, '#schema': 'schema' },
        ReturnValues: 'ALL_OLD',
      }),
    );
    return listIn(Attributes, source);
  } catch (cause) {
    throw toServiceError(cause, action);
  }
}

function listIn(
  attributes: Readonly<Record<string, unknown>> | undefined,
  source: string,
): StoredList | undefined {
  const old = attributes?.[`${PREFIX}${source}`] as Omit<StoredList, 'source'> | undefined;
  return old === undefined ? undefined : { ...old, source };
}

/** What cannot be deleted expires. */
async function deleteChunks({ client, tableName }: TableAccess, list: StoredList): Promise<void> {
  const deletions = chunkKeys(list).map((Key) =>
    client.send(new DeleteCommand({ TableName: tableName, Key })),
  );
  await Promise.allSettled(deletions);
}

function chunkKeys({ source, version, chunks }: StoredList): ItemKey[] {
  return Array.from({ length: chunks }, (_, chunk) => listChunkKey(source, version, chunk));
}
