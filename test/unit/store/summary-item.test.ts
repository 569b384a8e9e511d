import { describe, expect, it } from 'vitest';
import { sumStatistics } from '../../../lib/assessment/statistics.ts';
import {
  type MessageSummary,
  readSummarizedItem,
  type SummarizedItem,
  summaryItems,
} from '../../../lib/store/summary-item.ts';
import { itemBytes, MAX_ITEM_BYTES, wireItem } from '../../factories/dynamodb.ts';

function summary(overrides: Partial<MessageSummary> = {}): MessageSummary {
  return {
    message: 'ABCDEFGHIJKLMNOPQRSTUV',
    messageId: 'message-1',
    ingestedAtMs: 1_700_000_000_000,
    expiresAt: 1_700_086_400,
    statistics: sumStatistics([]),
    items: [{ address: '8.8.8.8', latestMs: 1_664_462_456_755, parts: 2 }],
    ...overrides,
  };
}

function longestEntries(count: number): SummarizedItem[] {
  return Array.from({ length: count }, (_, n) => ({
    address: `2001:1111:2222:3333:4444:5555:6666:${(0x1000 + n).toString(16)}`,
    latestMs: 253_402_300_799_000,
    parts: 10,
  }));
}

describe('summaryItems', () => {
  it('lays out the summary of a message', () => {
    expect(summaryItems(summary())).toEqual([
      {
        pk: 'message#ABCDEFGHIJKLMNOPQRSTUV',
        sk: 'summary#0',
        schema: 3,
        ingested_at: 1_700_000_000_000,
        expires_at: 1_700_086_400,
        time_bucket: 'summary#2023-11-14#1',
        message_id: 'message-1',
        statistics: sumStatistics([]),
        items: ['8.8.8.8 1664462456755 2'],
      },
    ]);
  });

  it('stands for a message of which nothing was stored', () => {
    expect(summaryItems(summary({ items: [] }))).toMatchObject([{ sk: 'summary#0', items: [] }]);
  });

  it.each([
    [5_000, 1],
    [5_001, 2],
    [15_000, 3],
  ])('puts %i addresses into %i parts', async (addresses, parts) => {
    const entries = longestEntries(addresses);

    const items = summaryItems(summary({ items: entries }));

    expect(items).toHaveLength(parts);
    expect(items.map(({ sk }) => sk)).toEqual(items.map((_, part) => `summary#${part}`));
    expect(items.flatMap((item) => item.items.map(readSummarizedItem))).toEqual(entries);
    expect(items[0]?.summary_parts).toBe(parts > 1 ? parts : undefined);
    for (const item of items) expect(itemBytes(await wireItem(item))).toBeLessThan(MAX_ITEM_BYTES);
  });

  it('puts only the first part into the time index', () => {
    const [first, second] = summaryItems(summary({ items: longestEntries(5_001) }));

    expect(first).toHaveProperty('time_bucket');
    expect(second).not.toHaveProperty('time_bucket');
    expect(second).not.toHaveProperty('statistics');
  });
});

describe('readSummarizedItem', () => {
  it.each([
    { address: '8.8.8.8', latestMs: 0, parts: 1 },
    { address: '2606:4700::1111', latestMs: 253_402_300_799_000, parts: 12 },
  ])('reads back $address', (item) => {
    const [entry = ''] = summaryItems(summary({ items: [item] })).flatMap(({ items }) => items);

    expect(readSummarizedItem(entry)).toEqual(item);
  });
});
