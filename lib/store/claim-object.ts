import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Patience, retry } from '../aws/retry.ts';
import { isConditionFailure } from '../aws/service-error.ts';
import { logObjectKey, timeBucket } from './keys.ts';
import {
  type LogObject,
  logObjectId,
  NOTHING_READ,
  type NotifiedObject,
  type ObjectState,
} from './log-object.ts';
import { type LogObjectItem, logObjectOf } from './log-object-item.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** Who reads an object, and until when at most. */
export interface Lease {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

export interface Claim {
  readonly object: NotifiedObject;
  /** When the notification was sent, epoch milliseconds. */
  readonly notifiedAtMs: number;
  readonly packer: string;
  readonly retentionSeconds: number;
  readonly lease: Lease;
  /** Whether a human asks for another try of a failed object. */
  readonly isRetry: boolean;
}

export type Claimed =
  | { readonly kind: 'mine'; readonly object: LogObject }
  /** Another reader has it now. */
  | { readonly kind: 'busy' }
  /** It was read, or can't be read. */
  | { readonly kind: 'over'; readonly state: ObjectState };

/**
 * Claims an object, unless it is claimed or finished.
 *
 * @throws {ServiceError}
 */
export async function claimObject(table: TableAccess, claim: Claim, patience: Patience): Promise<Claimed> {
  const { now = Date.now } = patience;
  let claimed: Claimed | undefined;
  const take = async (_: undefined, abortSignal: AbortSignal) => {
    try {
      const { Attributes } = await table.client.send(new UpdateCommand(claimRequest(table, claim, now())), {
        abortSignal,
      });
      claimed = { kind: 'mine', object: logObjectOf(Attributes as LogObjectItem) };
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      claimed = await whyNot(table, claim, abortSignal);
    }
    return undefined;
  };
  const outcome = await retry<undefined>(undefined, take, 'record that an object is being read', patience);
  if (outcome !== undefined) throw outcome.error;
  return claimed ?? { kind: 'busy' };
}

function claimRequest(
  { tableName }: TableAccess,
  { object, notifiedAtMs, packer, retentionSeconds, lease, isRetry }: Claim,
  nowMs: number,
): UpdateCommandInput {
  const id = logObjectId(object);
  const first = (name: string) => `${name} = if_not_exists(${name}, :${name})`;
  // A request that is repeated after its answer was lost finds its own lease.
  const isFree = 'object_state = :reading AND (lease_until <= :now OR lease_owner = :owner)';
  const conditions = [
    'attribute_not_exists(pk)',
    `(#schema = :schema AND ${isFree})`,
    ...(isRetry ? ['(#schema = :schema AND object_state = :failed)'] : []),
  ];
  return {
    TableName: tableName,
    Key: logObjectKey(id),
    UpdateExpression: [
      `SET ${['time_bucket', 'ingested_at', 'expires_at', 'progress'].map(first).join(', ')}`,
      '#schema = :schema',
      '#bucket = :bucket, object_key = :object_key, etag = :etag, packer = :packer',
      'object_state = :reading, lease_until = :until, lease_owner = :owner, updated_at = :now',
      ...(object.versionId === undefined ? [] : ['version_id = :version_id']),
      ...(object.size === undefined ? [] : ['#size = :size']),
      // A retry by a human starts counting from zero.
      `attempts = ${isRetry ? ':one' : 'if_not_exists(attempts, :zero) + :one'} REMOVE reason`,
    ].join(', '),
    ConditionExpression: conditions.join(' OR '),
    ExpressionAttributeNames: {
      '#schema': 'schema',
      '#bucket': 'bucket',
      ...(object.size !== undefined && { '#size': 'size' }),
    },
    ExpressionAttributeValues: {
      ':time_bucket': timeBucket('object', notifiedAtMs, id),
      ':ingested_at': notifiedAtMs,
      ':expires_at': Math.ceil(notifiedAtMs / 1000) + retentionSeconds,
      ':progress': NOTHING_READ,
      ':schema': SCHEMA_VERSION,
      ':bucket': object.bucket,
      ':object_key': object.key,
      ':etag': object.etag,
      ':packer': packer,
      ':reading': 'reading' satisfies ObjectState,
      ':until': lease.untilMs,
      ':owner': lease.owner,
      ':now': nowMs,
      ':one': 1,
      ...(!isRetry && { ':zero': 0 }),
      ...(object.versionId !== undefined && { ':version_id': object.versionId }),
      ...(object.size !== undefined && { ':size': object.size }),
      ...(isRetry && { ':failed': 'failed' satisfies ObjectState }),
    },
    ReturnValues: 'ALL_NEW',
  };
}

async function whyNot(
  table: TableAccess,
  { object }: Claim,
  abortSignal: AbortSignal,
): Promise<Claimed | undefined> {
  const request = new GetCommand({
    TableName: table.tableName,
    Key: logObjectKey(logObjectId(object)),
    ConsistentRead: true,
  });
  const { Item } = await table.client.send(request, { abortSignal });
  // Deleted in the meantime, or written by another version of the code, which then owns it.
  const state = (Item as Partial<LogObjectItem> | undefined)?.object_state;
  return state === undefined || state === 'reading' ? { kind: 'busy' } : { kind: 'over', state };
}
