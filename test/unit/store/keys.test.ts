import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../../lib/records/content-hash.ts';
import {
  addressItemKey,
  addressOfAnswer,
  addressOfLabel,
  addressPartition,
  answerKey,
  furtherSummaryKey,
  type ItemKey,
  keyText,
  LISTS_KEY,
  labelKey,
  listChunkKey,
  minuteOf,
  minutePartitions,
  minuteUnit,
  parseAddressItemKey,
  quotaKey,
  summaryKey,
  timeBucket,
  timePartitions,
  unitOfSummary,
} from '../../../lib/store/keys.ts';
import {
  ADDRESS_SHARDS,
  EXPIRY_ATTRIBUTE,
  PARTITION_KEY,
  SORT_KEY,
  TIME_INDEX,
  TIME_SHARDS,
} from '../../../lib/store/table-schema.ts';

const DAY = 86_400_000;
const NOON = Date.parse('2024-03-01T12:00:00Z');

describe('keys', () => {
  const item = { address: '8.8.8.8', unit: 'A', latestMs: 0, records: 'r' };

  it.each([
    [item, 'address#8.8.8.8#0', '000000000000000#A#r'],
    [{ ...item, unit: 'B', latestMs: 1_664_462_456_755 }, 'address#8.8.8.8#1', '001664462456755#B#r'],
    [
      { address: '2606:4700::1', unit: 'g', latestMs: 1.6, records: 'x-_9' },
      'address#2606:4700::1#0',
      '000000000000002#g#x-_9',
    ],
    [{ ...item, unit: '_', latestMs: 253_402_300_799_000 }, 'address#8.8.8.8#3', '253402300799000#_#r'],
  ])('places what a unit says about an address: %j', (name, pk, sk) => {
    expect(addressItemKey(name)).toEqual({ pk, sk });
    expect(parseAddressItemKey({ pk, sk })).toEqual({ ...name, latestMs: Math.round(name.latestMs) });
  });

  it.each([
    { pk: 'unit#A', sk: 'summary' },
    { pk: 'label#8.8.8.8', sk: '000000000000000#A#r' },
    { pk: 'address#8.8.8.8', sk: '000000000000000#A#r' },
    { pk: 'address#8.8.8.8#1', sk: '0#A#r' },
    { pk: 'address#8.8.8.8#1', sk: '000000000000000#A' },
    { pk: 'address#8.8.8.8#1', sk: '000000000000000#A#r#s' },
  ])('does not take %j for the key of an address item', (key) => {
    expect(parseAddressItemKey(key)).toBeUndefined();
  });

  it('names the partition in which an item stands', () => {
    const partitions = Array.from({ length: ADDRESS_SHARDS }, (_, shard) =>
      addressPartition('8.8.8.8', shard),
    );

    expect(new Set(partitions).size).toBe(ADDRESS_SHARDS);
    expect(partitions).toContain(addressItemKey({ ...item, unit: contentHash('x') }).pk);
  });

  it('orders items by time as text', () => {
    const times = fc.integer({ min: 0, max: 253_402_300_799_000 });
    fc.assert(
      fc.property(times, times, (one, other) => {
        const [first, second] = [one, other].map((latestMs) => addressItemKey({ ...item, latestMs }).sk);

        expect(Math.sign((first ?? '').localeCompare(second ?? '', 'en'))).toBe(Math.sign(one - other));
      }),
    );
  });

  it.each([
    ['address', (unit: string) => addressItemKey({ ...item, unit }).pk, ADDRESS_SHARDS],
    ['time', (unit: string) => timeBucket('summary', NOON, unit), TIME_SHARDS],
  ])('spreads units evenly over the shards of an %s', (_, partitionOf, shards) => {
    const firstCharacters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];

    const sizes = [...Map.groupBy(firstCharacters, partitionOf).values()].map(({ length }) => length);

    expect(sizes).toEqual(Array.from({ length: shards }, () => 64 / shards));
  });

  it('has one text for a key, and another one for any other key', () => {
    expect(keyText({ pk: 'a', sk: 'b', more: 1 } as ItemKey)).toBe(keyText({ pk: 'a', sk: 'b' }));
    expect(keyText({ pk: 'ab', sk: 'c' })).not.toBe(keyText({ pk: 'a', sk: 'bc' }));
  });

  it('places a summary and its further parts', () => {
    expect(summaryKey('A')).toEqual({ pk: 'unit#A', sk: 'summary' });
    expect(furtherSummaryKey('A', 'h')).toEqual({ pk: 'unit#A', sk: 'part#A#h' });
    expect(unitOfSummary(summaryKey('A'))).toBe('A');
  });

  it("places the summaries of a minute's units side by side, in as many partitions as are asked", () => {
    const units = ['a', 'b', 'c'].map((id) => minuteUnit(28_333_333, [id]));

    for (const unit of units) {
      const key = summaryKey(unit);
      expect(minutePartitions(28_333_333)).toContain(key.pk);
      expect(furtherSummaryKey(unit, 'h').pk).toBe(key.pk);
      expect(key.sk).toBe(`summary#${unit.split('.')[1]}`);
      expect(unitOfSummary(key)).toBe(unit);
    }
    expect(minutePartitions(28_333_333)).toEqual([0, 1, 2, 3].map((n) => `unit#28333333#${n}`));
  });

  it('names a minute unit by its messages, in whatever order they come', () => {
    expect(minuteUnit(7, ['a', 'b'])).toBe(minuteUnit(7, ['b', 'a']));
    expect(minuteUnit(7, ['a', 'b'])).not.toBe(minuteUnit(7, ['a']));
    expect(minuteOf(28_333_333 * 60_000 + 59_999)).toBe(28_333_333);
  });

  it('places a label with its address', () => {
    const key = labelKey('2606:4700::1', 'A', '443/tcp/outbound');

    expect(key).toEqual({ pk: 'label#2606:4700::1', sk: 'A#443/tcp/outbound' });
    expect(addressOfLabel(key)).toBe('2606:4700::1');
  });

  it('places quotas, and lists with their index', () => {
    expect(quotaKey('virustotal', 'stand-in')).toEqual({ pk: 'quota#virustotal', sk: 'calls#stand-in' });
    expect(LISTS_KEY).toEqual({ pk: 'lists', sk: 'index' });
    expect(listChunkKey('made-up', 'v2', 3)).toEqual({ pk: 'list#made-up#v2#3', sk: 'ranges' });
  });

  it('places what providers said about an address', () => {
    const key = answerKey('2606:4700::1', 'stand-in');

    expect(key).toEqual({ pk: 'intel#2606:4700::1', sk: 'answers#stand-in' });
    expect(addressOfAnswer(key)).toBe('2606:4700::1');
  });
});

// Stored items are found by these names: a change would hide them, or replace the table.
it('the table has names that never change', () => {
  expect([PARTITION_KEY, SORT_KEY, EXPIRY_ATTRIBUTE]).toEqual(['pk', 'sk', 'expires_at']);
  expect([ADDRESS_SHARDS, TIME_SHARDS]).toEqual([4, 8]);
  expect(TIME_INDEX).toEqual({
    name: 'by-time',
    partitionKey: 'time_bucket',
    sortKey: 'ingested_at',
    projected: ['schema', 'statistics', 'times', 'expires_at'],
  });
});

describe('timePartitions', () => {
  it('lists each shard of each day, the latest day first', () => {
    const partitions = timePartitions('finding', NOON, NOON + DAY);

    expect(partitions).toHaveLength(2 * TIME_SHARDS);
    expect(partitions[0]).toBe('finding#2024-03-02#0');
    expect(partitions[TIME_SHARDS]).toBe('finding#2024-03-01#0');
    expect(partitions.at(-1)).toBe(`finding#2024-03-01#${TIME_SHARDS - 1}`);
  });

  it.each([
    ['a single moment', NOON, NOON, 1],
    ['from the last moment of a day to the first of the next', NOON + DAY / 2 - 1, NOON + DAY / 2, 2],
    ['a range that ends before it begins', NOON, NOON - DAY, 0],
  ])('covers %s', (_, fromMs, toMs, days) => {
    expect(timePartitions('summary', fromMs, toMs)).toHaveLength(days * TIME_SHARDS);
  });

  it('holds the bucket of every message that arrived in the range', () => {
    const times = fc.integer({ min: 0, max: 400 * DAY });
    fc.assert(
      fc.property(
        times,
        times,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string(),
        (one, other, share, text) => {
          const [fromMs, toMs] = [Math.min(one, other), Math.max(one, other)];
          const arrivedAt = Math.floor(fromMs + share * (toMs - fromMs));

          const bucket = timeBucket('summary', arrivedAt, contentHash(text));

          expect(timePartitions('summary', fromMs, toMs)).toContain(bucket);
        },
      ),
    );
  });
});
