import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Patience, retry } from '../aws/retry.ts';
import { isConditionFailure } from '../aws/service-error.ts';
import type { ItemKey } from './keys.ts';
import type { TableAccess } from './table-access.ts';

/** An item that several writers read, change and write back. */
export interface RevisedItem extends ItemKey {
  /** Number of writes so far. */
  readonly revision: number;
}

/**
 * Writes an item back if there was no other write since it was read.
 *
 * @param item with the revision that was read, 0 if there was no item
 * @returns false if another writer was faster, or if an earlier try took effect although its answer was lost
 * @throws {ServiceError}
 */
export async function putRevised(
  { client, tableName }: TableAccess,
  item: RevisedItem,
  action: string,
  patience: Patience,
): Promise<boolean> {
  const { revision } = item;
  const request = {
    TableName: tableName,
    Item: { ...item, revision: revision + 1 },
    ...(revision === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'revision = :revision',
          ExpressionAttributeValues: { ':revision': revision },
        }),
  };
  let isWritten = false;
  const put = async (_: undefined, abortSignal: AbortSignal) => {
    try {
      await client.send(new PutCommand(request), { abortSignal });
      isWritten = true;
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
    }
    return undefined;
  };
  const outcome = await retry<undefined>(undefined, put, action, patience);
  if (outcome !== undefined) throw outcome.error;
  return isWritten;
}
