import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../../lib/records/content-hash.ts';
import {
  addressItemKey,
  addressPartition,
  summaryKey,
  timeBucket,
  timePartitions,
} from '../../../lib/store/keys.ts';
import { ADDRESS_SHARDS, TIME_SHARDS } from '../../../lib/store/table-schema.ts';

const DAY = 86_400_000;
const NOON = Date.parse('2024-03-01T12:00:00Z');

describe('keys', () => {
  it.each([
    ['8.8.8.8', 'A', 0, 0, 'address#8.8.8.8#1', '000000000000000#A#0'],
    ['8.8.8.8', 'B', 1_664_462_456_755, 0, 'address#8.8.8.8#2', '001664462456755#B#0'],
    ['2606:4700::1', 'C', 1.6, 12, 'address#2606:4700::1#3', '000000000000002#C#12'],
    ['8.8.8.8', '-', 253_402_300_799_000, 0, 'address#8.8.8.8#1', '253402300799000#-#0'],
  ])('places what a message says about %s (%#)', (address, message, latestMs, part, pk, sk) => {
    expect(addressItemKey(address, message, latestMs, part)).toEqual({ pk, sk });
  });

  it('names the partition in which an item stands', () => {
    const partitions = Array.from({ length: ADDRESS_SHARDS }, (_, shard) =>
      addressPartition('8.8.8.8', shard),
    );

    expect(new Set(partitions).size).toBe(ADDRESS_SHARDS);
    expect(partitions).toContain(addressItemKey('8.8.8.8', contentHash('x'), 0, 0).pk);
  });

  it('orders items by time as text', () => {
    const times = fc.integer({ min: 0, max: 253_402_300_799_000 });
    fc.assert(
      fc.property(times, times, (one, other) => {
        const [first, second] = [one, other].map((time) => addressItemKey('8.8.8.8', 'A', time, 0).sk);

        expect(Math.sign((first ?? '').localeCompare(second ?? '', 'en'))).toBe(Math.sign(one - other));
      }),
    );
  });

  it.each([
    ['address', (message: string) => addressItemKey('8.8.8.8', message, 0, 0).pk, ADDRESS_SHARDS],
    ['time', (message: string) => timeBucket('summary', NOON, message), TIME_SHARDS],
  ])('spreads messages evenly over the shards of an %s', (_, partitionOf, shards) => {
    const messages = Array.from({ length: 4_000 }, (__, n) => contentHash(String(n)));

    const sizes = [...Map.groupBy(messages, partitionOf).values()].map(({ length }) => length);

    expect(sizes).toHaveLength(shards);
    for (const size of sizes) expect(Math.abs(size - 4_000 / shards)).toBeLessThan(4_000 / shards / 4);
  });

  it.each([
    [undefined, { pk: 'message#A', sk: 'summary#0' }],
    [3, { pk: 'message#A', sk: 'summary#3' }],
  ])('places part %s of a summary', (part, key) => {
    expect(summaryKey('A', part)).toEqual(key);
  });
});

describe('timePartitions', () => {
  it('lists each shard of each day, the latest day first', () => {
    const partitions = timePartitions('attention', NOON, NOON + DAY);

    expect(partitions).toHaveLength(2 * TIME_SHARDS);
    expect(partitions[0]).toBe('attention#2024-03-02#0');
    expect(partitions[TIME_SHARDS]).toBe('attention#2024-03-01#0');
    expect(partitions.at(-1)).toBe(`attention#2024-03-01#${TIME_SHARDS - 1}`);
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
