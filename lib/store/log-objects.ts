import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Patience, retry } from '../aws/retry.ts';
import { isConditionFailure } from '../aws/service-error.ts';
import { type ItemKey, idOfLogObject, logObjectKey, timeBucket } from './keys.ts';
import {
  type LogObject,
  logObjectId,
  NOTHING_READ,
  type NotifiedObject,
  type ObjectProgress,
  type ObjectState,
} from './log-object.ts';
import { getItems, getItemsInOrder } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';
import { type TimeRange, timeline } from './timeline.ts';

/** The item as the table holds it. */
interface LogObjectItem extends ItemKey {
  readonly schema: number;
  readonly time_bucket: string;
  /** When a notification first came, epoch milliseconds; the name is the time index's. */
  readonly ingested_at: number;
  /** Epoch seconds. */
  readonly expires_at: number;
  readonly bucket: string;
  readonly object_key: string;
  readonly etag: string;
  readonly version_id?: string;
  readonly size?: number;
  readonly object_state: ObjectState;
  readonly packer: string;
  readonly progress: ObjectProgress;
  readonly attempts: number;
  readonly lease_until: number;
  /** Who has the lease. */
  readonly lease_owner?: string;
  readonly updated_at: number;
  readonly format?: string;
  readonly position_unit?: string;
  readonly reason?: string;
}

/** Who reads an object, and for how long at most. */
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
  /** Whether a human asks for another try of what failed. */
  readonly isRetry: boolean;
}

export type Claimed =
  | { readonly kind: 'mine'; readonly object: LogObject }
  /** Somebody else reads it now. */
  | { readonly kind: 'busy' }
  /** It was read, or can't be. */
  | { readonly kind: 'over'; readonly state: ObjectState };

/**
 * Takes an object to oneself, where nobody has it and it is not over with.
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
  const outcome = await retry<undefined>(undefined, take, 'note that an object is read', patience);
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
      // One that a human has tried again begins to count anew.
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
  // Gone meanwhile, or of another version of the code: whoever wrote it has it.
  const state = (Item as Partial<LogObjectItem> | undefined)?.object_state;
  return state === undefined || state === 'reading' ? { kind: 'busy' } : { kind: 'over', state };
}

/** What becomes of an object that one has to oneself. */
export type ObjectUpdate =
  /** It was read up to there. */
  | { readonly kind: 'progress'; readonly progress: ObjectProgress; readonly read: ReadAs }
  /** The same, and somebody else may go on. */
  | {
      readonly kind: 'release';
      readonly progress: ObjectProgress;
      readonly read: ReadAs;
      readonly reason?: string;
      /** Whether this attempt may speak against the object. */
      readonly keepsAttempts?: boolean;
    }
  | {
      readonly kind: 'end';
      readonly state: Exclude<ObjectState, 'reading'>;
      readonly progress: ObjectProgress;
      readonly read: ReadAs;
      readonly reason?: string;
    };

/** What the object was read as, as far as that is known. */
export interface ReadAs {
  readonly format?: string | undefined;
  readonly unit?: string | undefined;
}

/**
 * Notes what became of an object.
 *
 * @returns whether it was still one's own
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
  const outcome = await retry<undefined>(undefined, write, 'note how far an object was read', patience);
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

const OBJECTS_AT_ONCE = 100;

/** Reads objects of which notifications came in a time range, newest first. */
export async function* readLogObjects(table: TableAccess, range: TimeRange): AsyncGenerator<LogObject> {
  const keys = timeline(table, 'object', range);
  for await (const item of getItemsInOrder<LogObjectItem>(table, keys, OBJECTS_AT_ONCE)) {
    const object = readUnderstood(table, item, logObjectOf);
    if (object !== undefined) yield object;
  }
}

/**
 * Reads what is known of an object; undefined where it is nothing.
 *
 * @throws {ServiceError}
 */
export async function readLogObject(table: TableAccess, id: string): Promise<LogObject | undefined> {
  for await (const item of getItems<LogObjectItem>(table, [logObjectKey(id)])) {
    return readUnderstood(table, item, logObjectOf);
  }
  return undefined;
}

function logObjectOf(item: LogObjectItem): LogObject {
  return {
    id: idOfLogObject(item),
    bucket: item.bucket,
    key: item.object_key,
    etag: item.etag,
    versionId: item.version_id,
    size: item.size,
    state: item.object_state,
    notifiedAtMs: item.ingested_at,
    updatedAtMs: item.updated_at,
    packer: item.packer,
    progress: item.progress,
    attempts: item.attempts,
    leaseUntilMs: item.lease_until,
    format: item.format,
    unit: item.position_unit,
    reason: item.reason,
  };
}
