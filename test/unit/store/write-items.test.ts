import {
  InternalServerError,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ItemKey } from '../../../lib/store/keys.ts';
import { writeItems } from '../../../lib/store/write-items.ts';
import { fakeClock } from '../../factories/clock.ts';
import { documentClient } from '../../factories/dynamodb.ts';

const client = documentClient();
const dynamodb = mockClient(client);
const table = { client, tableName: 'assessments' };

const answer = { message: 'no', $metadata: { httpStatusCode: 400 } };
const throttling = new ProvisionedThroughputExceededException(answer);
const validation = Object.assign(new Error('Item size has exceeded the maximum allowed size'), {
  name: 'ValidationException',
  $fault: 'client',
  $metadata: { httpStatusCode: 400 },
});

function items(count: number): ItemKey[] {
  return Array.from({ length: count }, (_, n) => ({ pk: `address#${n}`, sk: 'x', value: n }));
}

function puts(written: readonly ItemKey[]) {
  return { RequestItems: { assessments: written.map((Item) => ({ PutRequest: { Item } })) } };
}

function requests(): ItemKey[][] {
  return dynamodb
    .commandCalls(BatchWriteCommand)
    .map(({ args }) =>
      (args[0].input.RequestItems?.assessments ?? []).map(
        ({ PutRequest }) => PutRequest?.Item as unknown as ItemKey,
      ),
    );
}

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().resolves({});
});

describe('writeItems', () => {
  it('sends nothing for nothing', async () => {
    const unwritten = await writeItems(table, [], fakeClock().patience());

    expect(unwritten).toEqual([]);
    expect(dynamodb).not.toHaveReceivedAnyCommand();
  });

  it('puts items in batches of 25', async () => {
    const all = items(60);

    const unwritten = await writeItems(table, all, fakeClock().patience());

    expect(unwritten).toEqual([]);
    expect(dynamodb).toHaveReceivedCommandTimes(BatchWriteCommand, 3);
    expect(dynamodb).toHaveReceivedNthCommandWith(BatchWriteCommand, 1, puts(all.slice(0, 25)));
    expect(dynamodb).toHaveReceivedNthCommandWith(BatchWriteCommand, 2, puts(all.slice(25, 50)));
    expect(dynamodb).toHaveReceivedNthCommandWith(BatchWriteCommand, 3, puts(all.slice(50)));
  });

  it('writes each of many items exactly once', async () => {
    const all = items(1_000);

    await writeItems(table, all, fakeClock().patience());

    expect(new Set(requests().flat())).toEqual(new Set(all));
    expect(requests().flat()).toHaveLength(all.length);
    expect(requests().every((request) => new Set(request.map(({ pk }) => pk)).size === request.length)).toBe(
      true,
    );
  });

  it('sends again what was left unprocessed, and only that', async () => {
    const all = items(3);
    const [, ...left] = all;
    dynamodb
      .on(BatchWriteCommand)
      .resolvesOnce({ UnprocessedItems: puts(structuredClone(left)).RequestItems })
      .resolvesOnce({ UnprocessedItems: {} });

    const unwritten = await writeItems(table, all, fakeClock().patience());

    expect(unwritten).toEqual([]);
    expect(requests()).toEqual([all, left]);
  });

  it('tells items of one partition apart when some are left', async () => {
    const all = [
      { pk: 'a', sk: '1' },
      { pk: 'a', sk: '2' },
    ];
    dynamodb
      .on(BatchWriteCommand)
      .resolvesOnce({ UnprocessedItems: puts(all.slice(1)).RequestItems })
      .resolves({});

    await writeItems(table, all, fakeClock().patience());

    expect(requests()[1]).toEqual([{ pk: 'a', sk: '2' }]);
  });

  it.each([
    ['throttling', throttling],
    ['a server error', new InternalServerError({ message: 'no', $metadata: { httpStatusCode: 500 } })],
    ['a lost connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ])('gets over %s', async (_, error) => {
    const clock = fakeClock();
    const all = items(2);
    dynamodb.on(BatchWriteCommand).rejectsOnce(error).rejectsOnce(error).resolves({});

    const unwritten = await writeItems(table, all, clock.patience());

    expect(unwritten).toEqual([]);
    expect(requests()).toEqual([all, all, all]);
    expect(clock.waits).toHaveLength(2);
  });

  it('reports what is left at the deadline, and why', async () => {
    const clock = fakeClock();
    const all = items(2);
    dynamodb.on(BatchWriteCommand).resolves({ UnprocessedItems: puts(all.slice(1)).RequestItems });

    const unwritten = await writeItems(table, all, clock.patience());

    expect(unwritten).toEqual([{ element: all[1], error: expect.objectContaining({ code: 'throttled' }) }]);
    expect(clock.now()).toBeLessThanOrEqual(clock.patience().deadlineMs);
  });

  it('writes the items of a refused batch one by one', async () => {
    const all = items(3);
    const [first, bad, last] = all;
    dynamodb.on(BatchWriteCommand).callsFake((input: ReturnType<typeof puts>) => {
      if (input.RequestItems.assessments.some(({ PutRequest }) => PutRequest.Item.pk === bad?.pk))
        throw validation;
      return {};
    });

    const unwritten = await writeItems(table, all, fakeClock().patience());

    expect(unwritten).toEqual([{ element: bad, error: expect.objectContaining({ code: 'refused' }) }]);
    expect(requests()).toEqual([all, [first], [bad], [last]]);
  });

  it('does not repeat a refused item that was alone', async () => {
    const [item] = items(1);
    dynamodb.on(BatchWriteCommand).rejects(validation);

    const unwritten = await writeItems(table, items(1), fakeClock().patience());

    expect(unwritten).toEqual([{ element: item, error: expect.objectContaining({ code: 'refused' }) }]);
    expect(dynamodb).toHaveReceivedCommandTimes(BatchWriteCommand, 1);
  });

  it('does not keep asking for a table that is not there', async () => {
    const clock = fakeClock();
    const all = items(2);
    dynamodb.on(BatchWriteCommand).rejects(new ResourceNotFoundException(answer));

    const unwritten = await writeItems(table, all, clock.patience());

    expect(unwritten.map(({ element, error }) => [element, error.code])).toEqual(
      all.map((item) => [item, 'missing']),
    );
    expect(dynamodb.calls()).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  it('has eight requests under way at a time', async () => {
    const waiting: (() => void)[] = [];
    dynamodb.on(BatchWriteCommand).callsFake(() => new Promise((resolve) => waiting.push(() => resolve({}))));

    const writing = writeItems(table, items(250), fakeClock().patience());
    await vi.waitFor(() => expect(waiting).toHaveLength(8));
    await new Promise(setImmediate);
    expect(waiting).toHaveLength(8);
    for (let n = 0; n < 10; n++) {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(n));
      waiting[n]?.();
    }

    expect(await writing).toEqual([]);
  });

  it('says how many items were left unprocessed', async () => {
    const all = items(3);
    dynamodb.on(BatchWriteCommand).resolves({ UnprocessedItems: puts(all.slice(1)).RequestItems });

    const [undone] = await writeItems(table, all, fakeClock().patience());

    expect(undone?.error.message).toBe('could not write to the table: 2 items were left unprocessed');
  });

  it('keeps one failing batch from stopping the others', async () => {
    const all = items(75);
    dynamodb.on(BatchWriteCommand, puts(all.slice(25, 50))).rejects(new ResourceNotFoundException(answer));

    const unwritten = await writeItems(table, all, fakeClock().patience());

    expect(unwritten.map(({ element }) => element)).toEqual(all.slice(25, 50));
    expect(dynamodb).toHaveReceivedCommandTimes(BatchWriteCommand, 3);
  });

  it('keeps one item that cannot be marshalled from taking its neighbours along', async () => {
    const good = { pk: 'good', sk: 'x' };
    const bad = { pk: 'bad', sk: 'x', value: Number.NaN };
    dynamodb.on(BatchWriteCommand).callsFake((input: ReturnType<typeof puts>) => {
      const isBad = input.RequestItems.assessments.some(({ PutRequest }) => PutRequest.Item.pk === bad.pk);
      if (isBad) throw new Error('Special numeric value NaN is not allowed');
      return {};
    });

    const unwritten = await writeItems(table, [good, bad], fakeClock().patience());

    expect(unwritten.map(({ element }) => element)).toEqual([bad]);
  });
});
