import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailure, ServiceError, toServiceError } from '../aws/service-error.ts';
import type { QuotaState } from '../intelligence/quota/quota.ts';
import type { QuotaStore } from '../intelligence/quota/quota-lease.ts';
import { type ItemKey, quotaKey } from './keys.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** The attributes of the item other than its key: the state as JSON, and how often it was replaced. */
interface QuotaItem extends ItemKey {
  readonly schema: number;
  readonly state: string;
  readonly revision: number;
}

/** A state untouched for two days is outdated, except that of a rejected key. */
const KEEP_SECONDS = 30 * 86_400;
/** Longest that a verdict waits for permission to ask. */
const REQUEST_TIMEOUT_MS = 1_000;

/**
 * Stores the state of the providers' quotas in the table. Each provider has one item, written once for each lease of
 * several calls: with the providers' quotas that is a few times a minute, whatever the traffic.
 *
 * @param origin separates stand-ins for the providers; empty for the providers themselves
 */
export function createQuotaStore(table: TableAccess, origin: string): QuotaStore {
  const { client, tableName } = table;
  return {
    async read(provider) {
      try {
        const { Item } = await client.send(
          new GetCommand({ TableName: tableName, Key: quotaKey(provider, origin), ConsistentRead: true }),
          { abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) },
        );
        if (Item === undefined) return { state: { counts: [] }, revision: 0 };
        const read = readUnderstood(table, Item as QuotaItem, readQuota);
        // Another version of the code keeps count: until its state is understood, no calls are allowed.
        if (read === undefined)
          throw new ServiceError('refused', 'could not read the quota: its format is unknown');
        return read;
      } catch (error) {
        throw toServiceError(error, 'read the quota');
      }
    },

    async replace(provider, state, revision) {
      const isNew = 'attribute_not_exists(pk)';
      const isUnchanged = 'revision = :revision';
      const item: QuotaItem = {
        ...quotaKey(provider, origin),
        schema: SCHEMA_VERSION,
        state: JSON.stringify(state),
        revision: revision + 1,
      };
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: {
              ...item,
              expires_at: Math.ceil(Date.now() / 1000) + KEEP_SECONDS,
            },
            ...(revision === 0
              ? { ConditionExpression: isNew }
              : {
                  ConditionExpression: isUnchanged,
                  ExpressionAttributeValues: { ':revision': revision },
                }),
          }),
          { abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) },
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw toServiceError(error, 'write the quota');
      }
    },
  };
}

/** @throws Error if it is not what this version writes */
function readQuota({ state: text, revision }: QuotaItem): { state: QuotaState; revision: number } {
  const state = JSON.parse(text) as QuotaState;
  if (!Array.isArray(state.counts) || !Number.isInteger(revision))
    throw new TypeError('not the state of a quota');
  return { state, revision };
}
