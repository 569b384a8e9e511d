import { describe, expect, it } from 'vitest';
import { toCreateTableInput, toQueueAttributes } from '../../../lib/local/create-resources.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

describe('toQueueAttributes', () => {
  const { deadLetter } = DEPLOYED.definition.queues;
  const arnOf = (queueName: string) => `arn:${queueName === deadLetter.name ? 'dead' : 'another'}`;

  it('redrives the work queue', () => {
    expect(toQueueAttributes(DEPLOYED.definition.queues.work, arnOf)).toEqual({
      MessageRetentionPeriod: '345600',
      VisibilityTimeout: '180',
      MaximumMessageSize: '1048576',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:dead","maxReceiveCount":50}',
    });
  });

  it('keeps the other queues for 14 days', () => {
    expect(toQueueAttributes(DEPLOYED.definition.queues.rejected, arnOf)).toEqual({
      MessageRetentionPeriod: '1209600',
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
    });
  });
});

describe('toCreateTableInput', () => {
  it('describes the table of the service', () => {
    expect(toCreateTableInput(DEPLOYED.definition.table)).toEqual({
      TableName: DEPLOYED.definition.table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'time_bucket', AttributeType: 'S' },
        { AttributeName: 'ingested_at', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-time',
          KeySchema: [
            { AttributeName: 'time_bucket', KeyType: 'HASH' },
            { AttributeName: 'ingested_at', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['schema', 'statistics', 'times', 'expires_at'],
          },
        },
      ],
    });
  });

  it('leaves the indexes of a table without any out, and the sort key too', () => {
    const input = toCreateTableInput({ name: 'plain', partitionKey: { name: 'id', type: 'S' }, indexes: [] });

    expect(input.GlobalSecondaryIndexes).toBeUndefined();
    expect(input.KeySchema).toEqual([{ AttributeName: 'id', KeyType: 'HASH' }]);
  });
});
