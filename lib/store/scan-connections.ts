import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { toServiceError } from '../aws/service-error.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import { readAssessmentsIn } from './read-assessments.ts';
import { readSummary } from './read-summaries.ts';
import type { SummaryItem } from './summary-item.ts';
import type { TableAccess } from './table-access.ts';
import { SUMMARY_SORT_KEY } from './table-schema.ts';

/** Reads every stored connection, expired ones too. It reads the whole table: for small tables and checks only. */
export async function* scanConnections(table: TableAccess): AsyncGenerator<ConnectionRecord> {
  for await (const item of scanSummaries(table)) {
    const summary = await readSummary(table, item);
    if (summary === undefined) continue;
    for await (const { connections } of readAssessmentsIn(table, summary, 0)) yield* connections;
  }
}

async function* scanSummaries({ client, tableName }: TableAccess): AsyncGenerator<SummaryItem> {
  const input = {
    TableName: tableName,
    FilterExpression: 'begins_with(sk, :summary)',
    ExpressionAttributeValues: { ':summary': SUMMARY_SORT_KEY },
  };
  try {
    for await (const page of paginateScan({ client }, input)) yield* (page.Items ?? []) as SummaryItem[];
  } catch (cause) {
    throw toServiceError(cause, 'read the table');
  }
}
