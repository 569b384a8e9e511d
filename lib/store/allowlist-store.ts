import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toServiceError } from '../aws/service-error.ts';
import type { AllowEntry } from '../intelligence/allowlist/allow-entry.ts';
import { parseNetwork } from '../intelligence/allowlist/allow-target.ts';
import { ALLOWLIST_KEY, type ItemKey } from './keys.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** Each entry is an attribute, so that two operators writing at once don't overwrite each other. */
const PREFIX = 'entry_';
const READ_TIMEOUT_MS = 2_000;

type AllowlistItem = ItemKey & { readonly schema: number };

/**
 * All entries, expired ones included, in the order in which they were added.
 *
 * @throws {ServiceError}
 */
export async function readAllowlist(table: TableAccess, signal?: AbortSignal): Promise<AllowEntry[]> {
  const timeout = AbortSignal.timeout(READ_TIMEOUT_MS);
  const abortSignal = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.tableName, Key: ALLOWLIST_KEY }),
      { abortSignal },
    );
    return (Item && readUnderstood(table, Item as AllowlistItem, entriesIn)) ?? [];
  } catch (cause) {
    throw toServiceError(cause, 'read the allowlist');
  }
}

/**
 * Adds an entry, replacing one that covers the same addresses.
 *
 * @returns the entry that was replaced
 * @throws {ServiceError}
 */
export async function putAllowEntry(
  table: TableAccess,
  { id, ...entry }: AllowEntry,
): Promise<AllowEntry | undefined> {
  return await updateEntry(table, id, 'store the entry of the allowlist', {
    UpdateExpression: 'SET #entry = :entry, #schema = :schema',
    ExpressionAttributeValues: { ':entry': entry, ':schema': SCHEMA_VERSION },
  });
}

/**
 * @returns the entry that was removed; undefined if there is none with this id
 * @throws {ServiceError}
 */
export async function removeAllowEntry(table: TableAccess, id: string): Promise<AllowEntry | undefined> {
  return await updateEntry(table, id, 'remove the entry from the allowlist', {
    UpdateExpression: 'SET #schema = :schema REMOVE #entry',
    ExpressionAttributeValues: { ':schema': SCHEMA_VERSION },
  });
}

interface EntryChange {
  readonly UpdateExpression: string;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

async function updateEntry(
  { client, tableName }: TableAccess,
  id: string,
  purpose: string,
  change: EntryChange,
): Promise<AllowEntry | undefined> {
  const name = `${PREFIX}${id}`;
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: ALLOWLIST_KEY,
        ExpressionAttributeNames: { '#entry': name, '#schema': 'schema' },
        ReturnValues: 'ALL_OLD',
        ...change,
      }),
    );
    const old = Attributes?.[name] as Omit<AllowEntry, 'id'> | undefined;
    return old === undefined ? undefined : { id, ...old };
  } catch (cause) {
    throw toServiceError(cause, purpose);
  }
}

/** An entry that was edited by hand and no longer covers a network allows nothing. */
function entriesIn(item: AllowlistItem): AllowEntry[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, entry]) => ({ ...(entry as object), id: name.slice(PREFIX.length) }) as AllowEntry)
    .filter(({ network }) => typeof network === 'string' && parseNetwork(network) === network)
    .sort((a, b) => a.addedAtMs - b.addedAtMs || (a.id < b.id ? -1 : 1));
}
