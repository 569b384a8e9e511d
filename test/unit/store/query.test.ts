import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { getItems, getItemsInOrder, isAlive } from '../../../lib/store/query.ts';
import { collect, sequence } from '../../factories/iterables.ts';
import { mockTable, NOW_MS } from '../../factories/stored-units.ts';

const { table, dynamodb, serveItems, wantedKeys } = mockTable();
const KEYS = ['a', 'b', 'c', 'd', 'e'].map((pk) => ({ pk, sk: 'x' }));

beforeEach(() => {
  dynamodb.reset();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('what has no expiry stays', () => {
  expect(isAlive({}, Number.MAX_SAFE_INTEGER)).toBe(true);
});

describe('getItems', () => {
  const unprocessed = { UnprocessedKeys: { assessments: { Keys: [{ pk: 'b', sk: 'x' }] } } };

  it.each([
    ['the deadline that it is given', NOW_MS + 2_500, 1],
    ['five seconds', undefined, 2],
  ])('asks no more after %s, and says how many keys are left', async (_, deadlineMs, requests) => {
    vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] });
    vi.spyOn(Math, 'random').mockReturnValue(0);
    dynamodb.on(BatchGetCommand).callsFake(() => {
      vi.setSystemTime(Date.now() + 2_500);
      return unprocessed;
    });

    await expect(
      collect(getItems(table, KEYS, deadlineMs === undefined ? {} : { deadlineMs })),
    ).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'throttled',
      message: 'could not read the table: 1 keys unprocessed',
    });
    expect(dynamodb).toHaveReceivedCommandTimes(BatchGetCommand, requests);
  });

  it('goes on with what is left, and gives what it had before', async () => {
    dynamodb
      .on(BatchGetCommand)
      .resolvesOnce({ ...unprocessed, Responses: { assessments: [{ pk: 'a' }] } })
      .resolves({ Responses: { assessments: [{ pk: 'b' }] } });

    expect(await collect(getItems(table, KEYS.slice(0, 2)))).toEqual([{ pk: 'a' }, { pk: 'b' }]);
    expect(wantedKeys()).toEqual([KEYS.slice(0, 2), KEYS.slice(1, 2)]);
  });
});

describe('getItemsInOrder', () => {
  it('gives items in the order of the keys, some a request, and passes over those that are not there', async () => {
    serveItems([KEYS[4], KEYS[0], KEYS[2], KEYS[3]].flatMap((key) => key ?? []));

    const items = await collect(getItemsInOrder(table, sequence(...KEYS), 2));

    expect(items).toEqual([KEYS[0], KEYS[2], KEYS[3], KEYS[4]]);
    expect(wantedKeys()).toEqual([KEYS.slice(0, 2), KEYS.slice(2, 4), KEYS.slice(4)]);
  });
});
