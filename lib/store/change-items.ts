import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { retry } from '../aws/retry.ts';
import { isConditionFailure, toServiceError } from '../aws/service-error.ts';
import type { ItemKey } from './keys.ts';
import type { TableAccess } from './table-access.ts';

/** How long one item is retried. */
const PATIENCE_MS = 30_000;

/**
 * Deletes an item; succeeds if it does not exist.
 *
 * @throws {ServiceError}
 */
export async function deleteItem({ client, tableName }: TableAccess, { pk, sk }: ItemKey): Promise<void> {
  await persistently('delete an item', async (abortSignal) => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: { pk, sk } }), { abortSignal });
  });
}

/** A change of an item, applied only if the item is still as it was read. */
export interface ItemChange {
  readonly update: string;
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Changes an item.
 *
 * @returns false if it is no longer as it was read
 * @throws {ServiceError}
 */
export async function changeItem(
  { client, tableName }: TableAccess,
  { pk, sk }: ItemKey,
  { update, condition, names, values }: ItemChange,
): Promise<boolean> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: { pk, sk },
    UpdateExpression: update,
    ConditionExpression: condition,
    ...(names && { ExpressionAttributeNames: { ...names } }),
    ExpressionAttributeValues: { ...values },
  });
  return await persistently('change an item', async (abortSignal) => {
    try {
      await client.send(command, { abortSignal });
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  });
}

async function persistently<Result>(
  action: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  let result: { readonly value: Result } | undefined;
  const attempt = async (_: undefined, signal: AbortSignal) => {
    result = { value: await work(signal) };
    return undefined;
  };
  const outcome = await retry(undefined, attempt, action, { deadlineMs: Date.now() + PATIENCE_MS });
  if (result === undefined) throw outcome?.error ?? toServiceError(new Error('no answer'), action);
  return result.value;
}
