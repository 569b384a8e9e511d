import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toServiceError } from '../aws/service-error.ts';
import type { PackedAddresses } from '../intelligence/lists/blocklist-set.ts';
import type { BlocklistEntry, BlocklistStore } from '../intelligence/lists/blocklists.ts';
import { BLOCKLISTS_KEY, blocklistKey, type ItemKey } from './keys.ts';
import { getItems } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';
import { writeItems } from './write-items.ts';

/** A part of a set, packed as {@link PackedAddresses}. */
interface ChunkItem extends ItemKey {
  readonly schema: number;
  readonly expires_at: number;
  readonly family: 4 | 6;
  readonly form: PackedAddresses['form'];
  readonly addresses: Uint8Array;
}

/** In the list, each set is an attribute, so that imports of two sources at once don't overwrite one another. */
const PREFIX = 'set_';
const READ_TIMEOUT_MS = 2_000;
/** For a whole import. */
const WRITE_PATIENCE_MS = 60_000;

export function createBlocklistStore(table: TableAccess): BlocklistStore {
  return {
    list: (nowMs) => listBlocklists(table, nowMs),
    async load(entry) {
      const chunks: PackedAddresses[] = [];
      for await (const item of getItems<ChunkItem>(table, chunkKeys(entry))) {
        const chunk = readUnderstood(table, item, ({ family, form, addresses }) => ({
          family,
          form,
          bytes: addresses,
        }));
        if (chunk !== undefined) chunks.push(chunk);
      }
      return chunks.length === entry.chunks ? chunks : undefined;
    },
  };
}

/** The sets that have not expired. */
export async function listBlocklists(table: TableAccess, nowMs: number): Promise<BlocklistEntry[]> {
  return (await readEntries(table)).filter(({ expiresAtMs }) => expiresAtMs > nowMs);
}

/**
 * Stores a set and then, in one write, puts it into the place of the source's older one: readers see either the
 * old set or the new, each whole.
 *
 * @returns the set that was replaced
 */
export async function replaceBlocklist(
  table: TableAccess,
  entry: BlocklistEntry,
  chunks: readonly PackedAddresses[],
  onProgress: (chunks: number) => void,
): Promise<BlocklistEntry | undefined> {
  const keys = chunkKeys(entry);
  const expires_at = Math.ceil(entry.expiresAtMs / 1000);
  const patience = { deadlineMs: Date.now() + WRITE_PATIENCE_MS };
  for (const [index, { family, form, bytes }] of chunks.entries()) {
    const key = keys[index] as ItemKey;
    const item: ChunkItem = { ...key, schema: SCHEMA_VERSION, expires_at, family, form, addresses: bytes };
    const [unwritten] = await writeItems(table, [item], patience);
    if (unwritten !== undefined) throw unwritten.error;
    onProgress(index + 1);
  }
  const replaced = await putEntry(table, entry);
  if (replaced !== undefined) await deleteChunks(table, replaced);
  return replaced;
}

/**
 * Removes the set of a source: the functions leave it out as soon as they read the list again.
 *
 * @returns the set that was removed; undefined where the source has none
 */
export async function removeBlocklist(
  table: TableAccess,
  source: string,
): Promise<BlocklistEntry | undefined> {
  const removed = await removeEntry(table, source);
  if (removed !== undefined) await deleteChunks(table, removed);
  return removed;
}

async function readEntries(table: TableAccess): Promise<BlocklistEntry[]> {
  const { client, tableName } = table;
  try {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: BLOCKLISTS_KEY }), {
      abortSignal: AbortSignal.timeout(READ_TIMEOUT_MS),
    });
    return (Item && readUnderstood(table, Item as ListItem, entriesIn)) ?? [];
  } catch (cause) {
    throw toServiceError(cause, 'read the offline sets');
  }
}

type ListItem = ItemKey & { readonly schema: number };

function entriesIn(item: ListItem): BlocklistEntry[] {
  const sets = Object.entries(item).filter(([name]) => name.startsWith(PREFIX));
  return sets.map(
    ([name, entry]) => ({ ...(entry as object), source: name.slice(PREFIX.length) }) as BlocklistEntry,
  );
}

async function putEntry(
  { client, tableName }: TableAccess,
  { source, ...entry }: BlocklistEntry,
): Promise<BlocklistEntry | undefined> {
  const name = `${PREFIX}${source}`;
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: BLOCKLISTS_KEY,
        UpdateExpression: 'SET #set = :set, #schema = :schema',
        ExpressionAttributeNames: { '#set': name, '#schema': 'schema' },
        ExpressionAttributeValues: { ':set': entry, ':schema': SCHEMA_VERSION },
        ReturnValues: 'UPDATED_OLD',
      }),
    );
    return entryIn(Attributes, source);
  } catch (cause) {
    throw toServiceError(cause, 'list the offline set');
  }
}

async function removeEntry(
  { client, tableName }: TableAccess,
  source: string,
): Promise<BlocklistEntry | undefined> {
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: BLOCKLISTS_KEY,
        UpdateExpression: 'SET #schema = :schema REMOVE #set',
        ExpressionAttributeNames: { '#set': `${PREFIX}${source}`, '#schema': 'schema' },
        ExpressionAttributeValues: { ':schema': SCHEMA_VERSION },
        ReturnValues: 'ALL_OLD',
      }),
    );
    return entryIn(Attributes, source);
  } catch (cause) {
    throw toServiceError(cause, 'remove the offline set');
  }
}

function entryIn(
  attributes: Readonly<Record<string, unknown>> | undefined,
  source: string,
): BlocklistEntry | undefined {
  const old = attributes?.[`${PREFIX}${source}`] as Omit<BlocklistEntry, 'source'> | undefined;
  return old === undefined ? undefined : { ...old, source };
}

/** What cannot be deleted expires. */
async function deleteChunks({ client, tableName }: TableAccess, entry: BlocklistEntry): Promise<void> {
  const deletions = chunkKeys(entry).map((Key) =>
    client.send(new DeleteCommand({ TableName: tableName, Key })),
  );
  await Promise.allSettled(deletions);
}

function chunkKeys({ source, version, chunks }: BlocklistEntry): ItemKey[] {
  return Array.from({ length: chunks }, (_, chunk) => blocklistKey(source, version, chunk));
}
