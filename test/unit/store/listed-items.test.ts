import { beforeEach, describe, expect, it } from 'vitest';
import { addressItemKey } from '../../../lib/store/keys.ts';
import { getListedItems, pickListed, readListed } from '../../../lib/store/listed-items.ts';
import { NamedItems } from '../../../lib/store/named-items.ts';
import { readAddressItems } from '../../../lib/store/read-address-items.ts';
import { readUnderstood } from '../../../lib/store/readable.ts';
import { collect } from '../../factories/iterables.ts';
import { addressItem, mockTable, NOW_MS, summaryOf } from '../../factories/stored-units.ts';

const { table, dynamodb, serveItems, wantedKeys } = mockTable();

const listOf = (n: number, items: number) => ({
  address: '8.8.8.8',
  unit: 'A',
  latestMs: n,
  records: Array.from({ length: items }, (_, part) => `r${part}`),
});

beforeEach(() => {
  dynamodb.reset();
});

describe('getListedItems', () => {
  it.each([
    ['many lists of one item', Array.from({ length: 250 }, (_, n) => listOf(n, 1)), [100, 100, 50]],
    ['lists of many items', [listOf(0, 60), listOf(1, 60), listOf(2, 60)], [100, 20, 60]],
    ['no list', [], []],
  ])(
    'asks for a hundred items or a little more at a time, a list as a whole: %s',
    async (_, lists, sizes) => {
      serveItems([]);

      const found = await collect(getListedItems(table, lists, NOW_MS));

      expect(found).toEqual(lists.map(() => []));
      expect(wantedKeys().map((keys) => (keys as unknown[]).length)).toEqual(sizes);
    },
  );

  it('gives each list its own items, in its order', async () => {
    const lists = [listOf(1, 2), listOf(2, 1), { ...listOf(3, 1), unit: 'B' }];
    const stored = lists.flatMap((list) =>
      list.records.map((records) => ({
        ...addressItem({ unit: 'A' }),
        ...addressItemKey({ ...list, records }),
      })),
    );
    serveItems(stored.toReversed());

    const found = await collect(getListedItems(table, lists, NOW_MS));

    expect(found).toEqual([stored.slice(0, 2), stored.slice(2, 3), stored.slice(3)]);
  });
});

describe('readListed', () => {
  it('reads the items of this version although one beside them is of another', () => {
    const item = addressItem({ unit: 'A' });
    const newer = { ...item, schema: 5 };
    const read = readListed(table, [item, newer], readAddressItems);

    expect(read.map(({ connections }) => connections.length)).toEqual([1]);
  });
});

describe('pickListed', () => {
  it('picks nothing that the list does not name', () => {
    expect(pickListed(listOf(0, 1), [addressItem({ unit: 'A' })], NOW_MS)).toEqual([]);
  });
});

describe('NamedItems', () => {
  it('asks again for no unit that it knows, and forgets those that are no longer wanted', async () => {
    const summaries = ['A', 'B'].map((unit) => summaryOf(addressItem({ unit })));
    serveItems(summaries);
    const named = new NamedItems(table, NOW_MS);
    const known = () => ['A', 'B', 'unknown'].filter((unit) => named.listOf({ unit, address: '8.8.8.8' }));

    await named.load(['A', 'A', 'unknown']);
    expect(known()).toEqual(['A']);
    await named.load(['unknown', 'A', 'B']);
    expect(known()).toEqual(['A', 'B']);
    await named.load(['B']);
    expect(known()).toEqual(['B']);

    const units = wantedKeys().map((keys) => (keys as { pk: string }[]).map(({ pk }) => pk));
    expect(units).toEqual([['unit#A', 'unit#unknown'], ['unit#B']]);
  });
});

describe('readUnderstood', () => {
  it.each([
    ['an error', new RangeError('too far'), 'too far'],
    ['something else', 'too far', 'too far'],
  ])('reports what reading throws: %s', (_, thrown, reason) => {
    const reported: unknown[] = [];
    const onUnreadable = (key: unknown, why: string) => void reported.push([key, why]);
    const item = { pk: 'a', sk: 'b', schema: 4, more: 1 };
    const read = () => {
      throw thrown;
    };

    expect(readUnderstood({ onUnreadable }, item, read)).toBeUndefined();
    expect(readUnderstood({}, item, read)).toBeUndefined();
    expect(reported).toEqual([[{ pk: 'a', sk: 'b' }, reason]]);
  });
});
