import { chunksOf } from '../aws/chunks.ts';
import { type ItemKey, type TimedKind, timePartitions } from './keys.ts';
import { mergeNewestFirst } from './merge-newest-first.ts';
import { isAlive, query } from './query.ts';
import type { TableAccess } from './table-access.ts';
import { TIME_INDEX, TIME_SHARDS } from './table-schema.ts';

/** Epoch milliseconds, both ends included; `nowMs` determines what has expired. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
}

export interface TimelineEntry extends ItemKey {
  readonly schema?: number;
  readonly ingested_at: number;
  readonly expires_at?: number;
}

/**
 * Index entries of one kind that arrived in a time range, newest first. Each day of the range costs one query per
 * shard.
 */
export async function* timeline<Entry extends TimelineEntry>(
  table: TableAccess,
  kind: TimedKind,
  { fromMs, toMs, nowMs }: TimeRange,
): AsyncGenerator<Entry> {
  const partitions = timePartitions(kind, fromMs, toMs);
  for (const day of chunksOf(partitions, TIME_SHARDS)) {
    const sequences = day.map((partition) =>
      query<Entry>(table, {
        IndexName: TIME_INDEX.name,
        KeyConditionExpression: `${TIME_INDEX.partitionKey} = :partition AND ${TIME_INDEX.sortKey} BETWEEN :from AND :to`,
        ExpressionAttributeValues: { ':partition': partition, ':from': fromMs, ':to': toMs },
        ScanIndexForward: false,
      }),
    );
    for await (const entry of mergeNewestFirst(sequences, ({ ingested_at }) => ingested_at)) {
      if (isAlive(entry, nowMs)) yield entry;
    }
  }
}
