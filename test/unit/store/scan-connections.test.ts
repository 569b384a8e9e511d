import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { scanConnections } from '../../../lib/store/scan-connections.ts';
import { collect } from '../../factories/iterables.ts';
import { addressItem, EXPIRED, mockTable, summaryOf } from '../../factories/stored-units.ts';

const { table, dynamodb, serveItems } = mockTable();

beforeEach(() => {
  dynamodb.reset();
});

describe('scanConnections', () => {
  it('gives every stored connection page by page, expired ones too', async () => {
    const items = [addressItem({ unit: 'A' }), addressItem({ unit: 'B', expiresAt: EXPIRED })];
    const LastEvaluatedKey = { pk: 'a', sk: 'b' };
    serveItems(items);
    dynamodb
      .on(ScanCommand)
      .resolvesOnce({ Items: items.slice(0, 1).map(summaryOf), LastEvaluatedKey })
      .resolvesOnce({ LastEvaluatedKey })
      .resolvesOnce({ Items: items.slice(1).map(summaryOf) });

    const connections = await collect(scanConnections(table));

    expect(connections.map(({ id }) => id)).toEqual(['A', 'B']);
    expect(dynamodb).toHaveReceivedCommandTimes(ScanCommand, 3);
    expect(dynamodb).toHaveReceivedNthCommandWith(ScanCommand, 1, {
      TableName: 'assessments',
      FilterExpression: 'begins_with(sk, :summary)',
      ExpressionAttributeValues: { ':summary': 'summary' },
    });
  });

  it('passes over a summary that it does not understand', async () => {
    const items = ['A', 'B'].map((unit) => addressItem({ unit }));
    const [damaged, good] = items.map(summaryOf);
    serveItems(items);
    dynamodb.on(ScanCommand).resolves({ Items: [{ ...damaged, schema: 5 }, { ...good }] });

    expect((await collect(scanConnections(table))).map(({ id }) => id)).toEqual(['B']);
  });

  it('says what it could not do', async () => {
    dynamodb
      .on(ScanCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: {} }));

    await expect(collect(scanConnections(table))).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not read the table: AccessDeniedException: no',
    });
  });
});
