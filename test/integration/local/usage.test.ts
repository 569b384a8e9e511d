import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Usage } from '../../../lib/local/metering/usage.ts';
import { bundleFixture, type LocalService, startLocalService } from '../../fixtures/local/local-service.ts';

let service: LocalService;
let before: Usage;

beforeAll(async () => {
  service = await startLocalService({ bundlePath: await bundleFixture('scripted-handler') });
  await service.stack.pauseDelivery();
});

afterAll(() => service.stop());

beforeEach(() => {
  before = service.stack.usage();
});

describe('usage of the table', () => {
  const key = (name: string) => ({ pk: { S: name }, sk: { S: 'item' } });
  const text = (bytes: number) => ({ S: 'x'.repeat(bytes) });

  it('counts requests, write units, those of the index, and read units', async () => {
    const { dynamodb, stack } = service;
    const TableName = stack.names.tableName;

    await dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: { ...key('plain'), payload: text(3000) } } },
            {
              PutRequest: {
                Item: {
                  ...key('indexed'),
                  time_bucket: { S: 'b' },
                  ingested_at: { N: '1' },
                  statistics: text(1500),
                },
              },
            },
          ],
        },
      }),
    );
    await dynamodb.send(new GetItemCommand({ TableName, Key: key('plain') }));
    await dynamodb.send(new GetItemCommand({ TableName, Key: key('plain'), ConsistentRead: true }));
    await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('plain'), key('absent')] } } }),
    );
    await dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-time',
        KeyConditionExpression: 'time_bucket = :bucket',
        ExpressionAttributeValues: { ':bucket': { S: 'b' } },
      }),
    );

    const { dynamodb: used } = stack.usage();
    expect(used.requests - before.dynamodb.requests).toBe(5);
    expect(used.write_units - before.dynamodb.write_units).toBe(3 + 2 + 2);
    expect(used.index_write_units - before.dynamodb.index_write_units).toBe(2);
    expect(used.read_units - before.dynamodb.read_units).toBe(0.5 + 1 + (0.5 + 0.5) + 0.5);
    expect(used.operations).toMatchObject({ BatchWriteItem: 1, GetItem: 2, BatchGetItem: 1, Query: 1 });
  });

  it('charges a failed condition but no invalid request', async () => {
    const { dynamodb, stack } = service;
    const TableName = stack.names.tableName;
    const put = { TableName, Item: { ...key('once'), payload: text(2000) } };
    await dynamodb.send(new PutItemCommand(put));

    const condition = { ...put, ConditionExpression: 'attribute_not_exists(pk)' };
    await expect(dynamodb.send(new PutItemCommand(condition))).rejects.toThrow('conditional');
    await expect(
      dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' } } })),
    ).rejects.toThrow();

    const { dynamodb: used } = stack.usage();
    expect(used.write_units - before.dynamodb.write_units).toBe(2 + 2);
    expect(used.requests - before.dynamodb.requests).toBe(3);
  });
});

describe('usage of the queues', () => {
  it('counts requests, chunks of 64 KB and empty receives', async () => {
    const { sqs, stack } = service;
    const QueueUrl = stack.names.rejectedQueueUrl;
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });

    await sqs.send(receive);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(64 * 1024 + 1) }));
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'x'.repeat(100 * 1024) },
          { Id: 'b', MessageBody: 'x'.repeat(100 * 1024) },
        ],
      }),
    );
    const { Messages = [] } = await sqs.send(receive);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));

    const { sqs: used } = stack.usage();
    expect(Messages).toHaveLength(3);
    expect(used.requests - before.sqs.requests).toBe(5);
    expect(used.billed_requests - before.sqs.billed_requests).toBe(1 + 2 + 4 + 5 + 1);
    expect(used.empty_receives - before.sqs.empty_receives).toBe(1);
  });
});
