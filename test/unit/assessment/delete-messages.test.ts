import { DeleteMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { deleteMessages } from '../../../lib/assessment/delete-messages.ts';
import { fakeClock } from '../../factories/clock.ts';

const client = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(client);
const queue = { client, queueUrl: 'https://sqs.test/work' };
const messages = Array.from({ length: 12 }, (_, n) => ({ receiptHandle: `receipt-${n}` }));

const failed = (Id: string, SenderFault: boolean) => ({
  Successful: [],
  Failed: [{ Id, SenderFault, Code: 'InternalError', Message: 'no' }],
});

beforeEach(() => {
  sqs.reset();
  sqs.on(DeleteMessageBatchCommand).resolves({});
});

describe('deleteMessages', () => {
  it('deletes ten messages a request, each under its place', async () => {
    await deleteMessages(queue, messages, fakeClock().patience());

    const entries = (from: number, to: number) =>
      messages.slice(from, to).map(({ receiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle: receiptHandle }));
    expect(sqs.commandCalls(DeleteMessageBatchCommand).map(({ args }) => args[0].input)).toEqual([
      { QueueUrl: queue.queueUrl, Entries: entries(0, 10) },
      { QueueUrl: queue.queueUrl, Entries: entries(10, 12) },
    ]);
  });

  it('deletes again what failed, and only that', async () => {
    sqs.on(DeleteMessageBatchCommand).resolvesOnce(failed('1', false)).resolves({});

    await deleteMessages(queue, messages.slice(0, 3), fakeClock().patience());

    expect(sqs).toHaveReceivedNthCommandWith(DeleteMessageBatchCommand, 2, {
      Entries: [{ Id: '0', ReceiptHandle: 'receipt-1' }],
    });
  });

  it('gives what may be there still, with why, and goes on with the others', async () => {
    sqs.on(DeleteMessageBatchCommand).resolvesOnce(failed('0', true)).resolves({});

    expect(await deleteMessages(queue, messages, fakeClock().patience())).toMatchObject([
      {
        element: { receiptHandle: 'receipt-0' },
        error: { name: 'ServiceError', message: 'could not delete from the work queue: InternalError: no' },
      },
    ]);
    expect(sqs).toHaveReceivedCommandTimes(DeleteMessageBatchCommand, 2);
  });
});
