import { setTimeout as sleep } from 'node:timers/promises';
import type { WireItem } from '../audit/stored-form.ts';
import { applyToQueues } from './memory-queues.ts';
import type { OpenServices, QueueEvents, RunServices, WireAnswer } from './service.ts';

const VERSION = 'DynamoDB_20120810';
/** Emulators require a signature but do not check it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=simulated/20260921/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

const POLL_MS = 5;

let tables = 0;

/** Opens a new table for each run at a DynamoDB emulator's endpoint. The queues stay in memory. */
export function openRemoteServices(endpoint: string): OpenServices {
  const call = async (operation: string, body: string): Promise<WireAnswer> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${VERSION}.${operation}`,
        'x-amz-date': '20260921T120000Z',
        authorization: AUTHORIZATION,
      },
      body,
    });
    return { status: response.status, body: await response.text() };
  };
  const insist = async (operation: string, input: object): Promise<unknown> => {
    const { status, body } = await call(operation, JSON.stringify(input));
    if (status !== 200) throw new Error(`${operation} at ${endpoint} failed: ${status} ${body}`);
    return JSON.parse(body);
  };
  const isActive = async (TableName: string): Promise<boolean> => {
    const described = (await insist('DescribeTable', { TableName })) as { Table: { TableStatus: string } };
    return described.Table.TableStatus === 'ACTIVE';
  };
  return async (events: QueueEvents): Promise<RunServices> => {
    const TableName = `chaos-${process.pid}-${tables++}`;
    await insist('CreateTable', tableOf(TableName));
    while (!(await isActive(TableName))) await sleep(POLL_MS);
    return {
      tableName: TableName,
      apply: ({ operation, body, isTable }) =>
        isTable ? call(operation, body) : applyToQueues(operation, body, events),
      items: async () => {
        const items: WireItem[] = [];
        let ExclusiveStartKey: object | undefined;
        do {
          const page = (await insist('Scan', { TableName, ConsistentRead: true, ExclusiveStartKey })) as {
            Items: WireItem[];
            LastEvaluatedKey?: object;
          };
          items.push(...page.Items);
          ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey !== undefined);
        return items;
      },
      put: async (Item) => {
        await insist('PutItem', { TableName, Item });
      },
      close: async () => {
        await insist('DeleteTable', { TableName });
      },
    };
  };
}

function tableOf(TableName: string): object {
  const attributes = { pk: 'S', sk: 'S', time_bucket: 'S', ingested_at: 'N' };
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: key('pk', 'sk'),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-time',
        KeySchema: key('time_bucket', 'ingested_at'),
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: ['schema', 'statistics', 'times', 'expires_at'],
        },
      },
    ],
  };
}
