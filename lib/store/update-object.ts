import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Patience, retry } from '../aws/retry.ts';
import { isConditionFailure } from '../aws/service-error.ts';
import { logObjectKey } from './keys.ts';
import type { LogObject, ObjectProgress, ObjectState } from './log-object.ts';
import type { TableAccess } from './table-access.ts';

/** Outcome of reading a claimed object. */
export type ObjectUpdate =
  /** It was read up to this point. */
  | { readonly kind: 'progress'; readonly progress: ObjectProgress; readonly read: ReadAs }
  /** It was read up to this point, and another reader may continue. */
  | {
      readonly kind: 'release';
      readonly progress: ObjectProgress;
      readonly read: ReadAs;
      readonly reason?: string;
      /** Whether this attempt counts against the object. */
      readonly keepsAttempts?: boolean;
    }
  | {
      readonly kind: 'end';
      readonly state: Exclude<ObjectState, 'reading'>;
      readonly progress: ObjectProgress;
      readonly read: ReadAs;
      readonly reason?: string;
    };

/** The format the object was read as, if known. */
export interface ReadAs {
  readonly format?: string | undefined;
  readonly unit?: string | undefined;
}

/**
 * Records the outcome for an object.
 *
 * @returns whether the caller still held the lease
 * @throws {ServiceError}
 */
export async function updateObject(
  table: TableAccess,
  { id, progress: before }: LogObject,
  owner: string,
  update: ObjectUpdate,
  patience: Patience,
): Promise<boolean> {
  let isOwn = true;
  const request = updateRequest(table, id, owner, update, {
    nowMs: (patience.now ?? Date.now)(),
    hasProgress: update.progress.counts.read > before.counts.read,
  });
  const write = async (_: undefined, abortSignal: AbortSignal) => {
    try {
      await table.client.send(new UpdateCommand(request), { abortSignal });
      isOwn = true;
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      isOwn = false;
    }
    return undefined;
  };
  const outcome = await retry<undefined>(undefined, write, 'record the read position of an object', patience);
  if (outcome !== undefined) throw outcome.error;
  return isOwn;
}

function updateRequest(
  { tableName }: TableAccess,
  id: string,
  owner: string,
  update: ObjectUpdate,
  { nowMs, hasProgress }: { readonly nowMs: number; readonly hasProgress: boolean },
): UpdateCommandInput {
  const { format, unit } = update.read;
  const reason = update.kind === 'progress' ? undefined : update.reason;
  const forgetsAttempts = hasProgress || (update.kind === 'release' && update.keepsAttempts !== true);
  const sets = {
    progress: update.progress,
    updated_at: nowMs,
    ...(update.kind === 'progress' ? {} : { lease_until: 0 }),
    ...(update.kind === 'end' && { object_state: update.state }),
    ...(forgetsAttempts && { attempts: 0 }),
    ...(format !== undefined && { format }),
    ...(unit !== undefined && { position_unit: unit }),
    ...(reason !== undefined && { reason }),
  };
  const names = Object.keys(sets);
  return {
    TableName: tableName,
    Key: logObjectKey(id),
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: 'lease_owner = :owner AND object_state = :reading',
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(sets).map(([name, value]) => [`:${name}`, value])),
      ':owner': owner,
      ':reading': 'reading' satisfies ObjectState,
    },
  };
}
