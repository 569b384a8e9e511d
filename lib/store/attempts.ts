import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { chunksOf } from '../aws/chunks.ts';
import { type Patience, retry } from '../aws/retry.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { attemptsKey, type ItemKey, messageOfAttempts } from './keys.ts';
import { getItems } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** The earlier deliveries that count against a message, by receive count. */
export interface Attempts {
  /** Work began and never ended: the process died, or ran out of time. */
  readonly unended: ReadonlySet<number>;
  /** The failure was caused by the message itself. */
  readonly failed: ReadonlySet<number>;
}

/** Event that a delivery reports about itself. */
export type AttemptEvent = 'began' | 'ended' | 'failed';

/** Sets of receive counts, so that a report that arrives twice counts once. */
interface AttemptsItem extends ItemKey {
  readonly schema: number;
  readonly unended?: ReadonlySet<number>;
  readonly failed?: ReadonlySet<number>;
}

/** No message stays longer in the work queue, whose retention is four days. */
const KEEP_SECONDS = 5 * 86_400;
/** Longest wait for one answer. */
const REQUEST_TIMEOUT_MS = 1_000;
/** BatchGetItem takes 100 keys; requests at the same time. */
const MESSAGES_PER_READ = 100;
const CONCURRENCY = 8;

/** The attempts of a message with nothing counted against it. */
export const NO_ATTEMPTS: Attempts = { unended: new Set(), failed: new Set() };

/**
 * Reads the stored attempts of messages, consistently; a message with nothing stored has no attempts.
 *
 * @throws {ServiceError} if the table cannot be read
 */
export async function readAttempts(
  table: TableAccess,
  messageIds: readonly string[],
  { deadlineMs, now = Date.now }: Pick<Patience, 'deadlineMs' | 'now'>,
): Promise<ReadonlyMap<string, Attempts>> {
  const found = new Map<string, Attempts>(messageIds.map((messageId) => [messageId, NO_ATTEMPTS]));
  await workThrough(chunksOf([...found.keys()], MESSAGES_PER_READ), CONCURRENCY, async (chunk) => {
    const keys = chunk.map(attemptsKey);
    for await (const item of getItems<AttemptsItem>(table, keys, { deadlineMs, now, isConsistent: true })) {
      const attempts = readUnderstood(table, item, attemptsOf);
      if (attempts !== undefined) found.set(messageOfAttempts(item), attempts);
    }
  });
  return found;
}

/**
 * Stores an event of a delivery. A delivery that ended, in whatever way, shows that its message does not kill: earlier
 * unended attempts are forgotten.
 *
 * @param before the stored attempts when the delivery began
 * @returns the attempts now stored
 * @throws {ServiceError} if the table cannot be written
 */
export async function keepAttempt(
  { client, tableName }: TableAccess,
  { messageId, receiveCount }: { readonly messageId: string; readonly receiveCount: number },
  event: AttemptEvent,
  before: Attempts,
  patience: Patience,
): Promise<Attempts> {
  let kept = NO_ATTEMPTS;
  const request: UpdateCommandInput = {
    TableName: tableName,
    Key: attemptsKey(messageId),
    ReturnValues: 'ALL_NEW',
    ...updateOf(event, receiveCount, before, patience.now?.() ?? Date.now()),
  };
  const update = async (_: undefined, abortSignal: AbortSignal) => {
    const { Attributes } = await client.send(new UpdateCommand(request), { abortSignal });
    kept = attemptsOf((Attributes ?? {}) as Partial<AttemptsItem>);
    return undefined;
  };
  const outcome = await retry<undefined>(undefined, update, 'count an attempt', {
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    ...patience,
  });
  if (outcome !== undefined) throw outcome.error;
  return kept;
}

function updateOf(event: AttemptEvent, receiveCount: number, { unended }: Attempts, nowMs: number) {
  const adds: Readonly<Record<AttemptEvent, string>> = {
    began: 'ADD unended :this',
    ended: 'DELETE unended :gone',
    failed: 'ADD failed :this DELETE unended :gone',
  };
  return {
    UpdateExpression: `SET expires_at = :expires_at, #schema = :schema ${adds[event]}`,
    ExpressionAttributeNames: { '#schema': 'schema' },
    ExpressionAttributeValues: {
      ':expires_at': Math.ceil(nowMs / 1000) + KEEP_SECONDS,
      ':schema': SCHEMA_VERSION,
      ...(event !== 'ended' && { ':this': new Set([receiveCount]) }),
      ...(event !== 'began' && { ':gone': new Set([...unended, receiveCount]) }),
    },
  };
}

function attemptsOf({ unended = new Set(), failed = new Set() }: Partial<AttemptsItem>): Attempts {
  return { unended, failed };
}
