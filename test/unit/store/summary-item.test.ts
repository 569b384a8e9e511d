import { describe, expect, it } from 'vitest';
import { sumStatistics } from '../../../lib/statistics/unit-tally.ts';
import {
  readEntry,
  type SummarizedItems,
  summaryItems,
  type UnitSummary,
} from '../../../lib/store/summary-item.ts';
import { itemBytes, MAX_ITEM_BYTES, wireItem } from '../../factories/dynamodb.ts';
import { allItems } from '../../factories/items.ts';

const RECORDS = ['fiGCaZRSzH4sTAYKtvKdMj', 'ABCDEFGHIJKLMNOPQRSTUV'];

function summary(overrides: Partial<UnitSummary> = {}): UnitSummary {
  return {
    unit: 'ABCDEFGHIJKLMNOPQRSTUV',
    messageIds: ['message-1', 'message-2'],
    ingestedAtMs: 1_700_000_000_000,
    expiresAt: 1_700_086_400,
    statistics: sumStatistics([]),
    items: [{ address: '8.8.8.8', latestMs: 1_664_462_456_755, records: RECORDS }],
    ...overrides,
  };
}

function longestEntries(count: number, parts = 1): SummarizedItems[] {
  return Array.from({ length: count }, (_, n) => ({
    address: `2001:1111:2222:3333:4444:5555:6666:${(0x1000 + n).toString(16)}`,
    latestMs: 253_402_300_799_000,
    records: Array.from({ length: parts }, () => RECORDS[0] ?? ''),
  }));
}

describe('summaryItems', () => {
  it('lays out the summary of a unit', () => {
    expect(allItems(summaryItems(summary()))).toEqual([
      {
        pk: 'unit#ABCDEFGHIJKLMNOPQRSTUV',
        sk: 'summary',
        schema: 4,
        ingested_at: 1_700_000_000_000,
        expires_at: 1_700_086_400,
        time_bucket: 'summary#2023-11-14#0',
        messages: [':message-1', ':message-2'],
        statistics: sumStatistics([]),
        items: [`8.8.8.8 1664462456755 ${RECORDS.join(' ')}`],
      },
    ]);
  });

  it('stands for a unit of which nothing was stored', () => {
    const { first, further } = summaryItems(summary({ items: [] }));

    expect(first).toMatchObject({ sk: 'summary', items: [] });
    expect(further).toEqual([]);
  });

  it.each([
    [3_000, 1, 0],
    [12_000, 1, 2],
    [3_000, 12, 3],
  ])('lists %i addresses of %i items each in %i further parts', async (addresses, items, parts) => {
    const entries = longestEntries(addresses, items);

    const { first, further } = summaryItems(summary({ items: entries }));

    expect(further).toHaveLength(parts);
    expect(first.further).toEqual(parts === 0 ? undefined : further.map(({ sk }) => sk.split('#')[2]));
    expect([first, ...further].flatMap((item) => item.items.map(readEntry))).toEqual(entries);
    for (const item of [first, ...further]) {
      expect(itemBytes(await wireItem(item))).toBeLessThan(MAX_ITEM_BYTES);
    }
  });

  // The ids of two messages take 22, and an entry takes its characters and one more: `8.8.8.8 5 x...` and 10 characters before the records.
  it.each([
    ['two entries that fill an item to the last byte', [160_000 - 22, 160_000], [2]],
    ['two that take one more', [160_000 - 22, 160_001], [1, 1]],
    ['three, of which the last two fit together', [160_001, 160_000, 160_000], [1, 2]],
    ['one that is too large by itself', [320_001, 10], [1, 1]],
  ])('divides %s', (_, sizes, expected) => {
    const items = sizes.map((size) => ({
      address: '8.8.8.8',
      latestMs: 5,
      records: ['x'.repeat(Math.max(1, size - 11))],
    }));

    const { first, further } = summaryItems(summary({ items }));

    expect([first, ...further].map((item) => item.items.length)).toEqual(expected);
    // A part that the first item does not name would not be read.
    expect(first.further ?? []).toEqual(further.map(({ sk }) => sk.split('#')[2]));
  });

  it('says under which settings the unit was assessed, and where the scores differ most', () => {
    const settings = {
      mode: 'parallel',
      consensusPercent: 25,
      origin: { source: 'operator', version: 7, changedAtMs: 1_000 },
      maliciousThreshold: 0.7,
    } as const;
    const divergence = {
      address: '8.8.8.8',
      legacy_score: 0.2,
      consensus_score: 0.9,
      evidence: [],
      reasons: {},
    };

    const { first } = summaryItems(summary({ settings, divergences: [divergence] }));

    expect(first).toMatchObject({
      settings: 'parallel 25 v7@1000',
      divergences: [JSON.stringify(divergence)],
    });
    expect(summaryItems(summary({ divergences: [] })).first).not.toHaveProperty('divergences');
  });

  it('puts only what is written last into the time index', () => {
    const { first, further } = summaryItems(summary({ items: longestEntries(12_000) }));

    expect(first).toHaveProperty('time_bucket');
    for (const part of further) expect(part).not.toHaveProperty('time_bucket');
  });

  it('gives a further part that lists something else another key', () => {
    const entries = longestEntries(12_000);
    const [last] = entries.slice(-1);
    const others = [...entries.slice(0, -1), { ...last, records: [RECORDS[1]] } as SummarizedItems];

    const [one, other] = [entries, others].map((items) => summaryItems(summary({ items })).further);

    expect(one?.slice(0, -1).map(({ sk }) => sk)).toEqual(other?.slice(0, -1).map(({ sk }) => sk));
    expect(one?.at(-1)?.sk).not.toBe(other?.at(-1)?.sk);
  });
});

describe('readEntry', () => {
  it.each([
    { address: '8.8.8.8', latestMs: 0, records: RECORDS },
    { address: '2606:4700::1111', latestMs: 253_402_300_799_000, records: ['x'] },
  ])('reads back $address', (item) => {
    const [entry = ''] = summaryItems(summary({ items: [item] })).first.items;

    expect(readEntry(entry)).toEqual(item);
  });

  it('quotes the beginning of what it cannot read', () => {
    expect(() => readEntry('x'.repeat(100))).toThrow(
      new RangeError(`not an entry of a summary: ${'x'.repeat(80)}`),
    );
  });

  it.each(['', '8.8.8.8', '8.8.8.8 5', '8.8.8.8 soon x', ' 5 x'])('does not read %j', (entry) => {
    expect(() => readEntry(entry)).toThrow(RangeError);
  });
});
