import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Patience, retry } from '../aws/retry.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { minutePartitions } from './keys.ts';
import { shortMessageId } from './message-id.ts';
import { isAlive } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { SummaryItem } from './summary-item.ts';
import type { TableAccess } from './table-access.ts';
import { SUMMARY_SORT_KEY } from './table-schema.ts';

/** Partitions queried at the same time. */
const CONCURRENCY = 8;

/** Messages that the summaries of a minute's units count. */
export interface StoredMessages {
  has(messageId: string): boolean;
}

/**
 * Reads which small messages of a minute are stored, consistently: every acknowledged write is included. Summaries of
 * another version of the code count nothing.
 *
 * @throws {ServiceError}
 */
export async function readStoredMessages(
  table: TableAccess,
  minute: number,
  patience: Patience,
): Promise<StoredMessages> {
  const found = new Set<string>();
  const nowMs = patience.now?.() ?? Date.now();
  await workThrough(minutePartitions(minute), CONCURRENCY, async (partition) => {
    for await (const item of summariesIn(table, partition, patience)) {
      if (!isAlive(item, nowMs)) continue;
      for (const id of readUnderstood(table, item, ({ messages }) => [...messages]) ?? []) found.add(id);
    }
  });
  return { has: (messageId) => found.has(shortMessageId(messageId)) };
}

async function* summariesIn(
  { client, tableName }: TableAccess,
  partition: string,
  patience: Patience,
): AsyncGenerator<SummaryItem> {
  const input: QueryCommandInput = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :partition AND begins_with(sk, :summary)',
    ExpressionAttributeValues: { ':partition': partition, ':summary': SUMMARY_SORT_KEY },
    ConsistentRead: true,
  };
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const request = new QueryCommand({ ...input, ...(start !== undefined && { ExclusiveStartKey: start }) });
    let items: SummaryItem[] = [];
    const read = async (_: undefined, abortSignal: AbortSignal) => {
      const { Items = [], LastEvaluatedKey } = await client.send(request, { abortSignal });
      items = Items as SummaryItem[];
      start = LastEvaluatedKey;
      return undefined;
    };
    const outcome = await retry<undefined>(undefined, read, 'look up messages', patience);
    if (outcome !== undefined) throw outcome.error;
    yield* items;
  } while (start !== undefined);
}
