import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { sumStatistics } from '../../../lib/statistics/unit-tally.ts';
import type { Divergence } from '../../../lib/store/comparison.ts';
import { readStatistics, readSummaries, readSummariesBetween } from '../../../lib/store/read-summaries.ts';
import type { SettingsStamp } from '../../../lib/store/settings-stamp.ts';
import { type SummaryItem, summaryItems, type UnitSummary } from '../../../lib/store/summary-item.ts';
import { collect } from '../../factories/iterables.ts';
import { ALIVE, EXPIRED, mockTable, NOW_MS } from '../../factories/stored-units.ts';

const { table, dynamodb, serveItems, serveQueries, wantedKeys } = mockTable();

const RANGE = { fromMs: NOW_MS - 1_000, toMs: NOW_MS, nowMs: NOW_MS };
const LISTED = { address: '8.8.8.8', latestMs: 5, records: ['fiGCaZRSzH4sTAYKtvKdMj'] };

function summary(unit: string, changes: Partial<UnitSummary> = {}): SummaryItem {
  const { first } = summaryItems({
    unit,
    messageIds: ['message-1'],
    ingestedAtMs: NOW_MS,
    expiresAt: ALIVE,
    statistics: { ...sumStatistics([]), records: 3 },
    items: [LISTED],
    ...changes,
  });
  return first;
}

function watched() {
  const reported: string[] = [];
  return {
    reported,
    watching: { ...table, onUnreadable: (_: unknown, why: string) => void reported.push(why) },
  };
}

beforeEach(() => {
  dynamodb.reset();
});

describe('a summary', () => {
  const settings: SettingsStamp = {
    mode: 'parallel',
    consensusPercent: 25,
    origin: { source: 'operator', version: 7, changedAtMs: 1_000 },
    maliciousThreshold: 0.8,
  };
  const divergences: Divergence[] = [0.9, 0.6].map((consensus_score) => ({
    address: '8.8.8.8',
    legacy_score: 0.2,
    consensus_score,
    evidence: [],
    reasons: {},
  }));

  it('is read with everything that was written', async () => {
    const timed: SummaryItem = { ...summary('A', { settings, divergences }), times: '12 45' };
    serveItems([timed]);

    expect(await collect(readSummaries(table, ['A'], NOW_MS))).toEqual([
      {
        unit: 'A',
        ingestedAtMs: NOW_MS,
        messages: [':message-1'],
        statistics: { ...sumStatistics([]), records: 3 },
        times: { latency_ms: 12, stored_ms: 45 },
        settings,
        divergences,
        items: [LISTED],
      },
    ]);
  });

  it.each([
    ['does not say', {}],
    ['says what no version wrote', { settings: 'turbo 5' }],
  ])('has no settings where the item %s', async (_, changes) => {
    serveItems([{ ...summary('A'), ...changes }]);

    const [read] = await collect(readSummaries(table, ['A'], NOW_MS));

    expect(read).toMatchObject({ unit: 'A', divergences: [] });
    expect(read).not.toHaveProperty('settings');
  });

  it('that has expired is not there', async () => {
    serveItems([summary('A', { expiresAt: EXPIRED }), summary('B')]);

    const read = await collect(readSummaries(table, ['A', 'B'], NOW_MS));

    expect(read.map(({ unit }) => unit)).toEqual(['B']);
  });

  it('of another version is reported without a request for its parts', async () => {
    const item = { ...summary('A'), schema: 5, further: ['fiGCaZRSzH4sTAYKtvKdMj'] };
    serveItems([item]);
    const { reported, watching } = watched();

    expect(await collect(readSummaries(watching, ['A'], NOW_MS))).toEqual([]);
    expect(reported).toEqual(['it is of schema 5, not 4']);
    expect(wantedKeys()).toHaveLength(1);
  });
});

describe('readSummariesBetween', () => {
  it('gives the summaries of a time range, newest first, ten a request', async () => {
    const summaries = Array.from({ length: 12 }, (_, n) =>
      summary('ABCDEFGHIJKL'.charAt(n), { ingestedAtMs: NOW_MS - ((n * 5) % 12) * 100 }),
    );
    serveQueries(summaries);
    serveItems(summaries);

    const read = await collect(readSummariesBetween(table, RANGE));

    expect(read.map(({ ingestedAtMs }) => (NOW_MS - ingestedAtMs) / 100)).toEqual(
      Array.from({ length: 11 }, (_, n) => n),
    );
    expect(wantedKeys().map((keys) => (keys as unknown[]).length)).toEqual([10, 1]);
  });

  it('leaves out what it does not understand', async () => {
    const summaries = [summary('A'), { ...summary('B'), schema: 5 }];
    serveQueries(summaries);
    serveItems(summaries);

    expect((await collect(readSummariesBetween(table, RANGE))).map(({ unit }) => unit)).toEqual(['A']);
  });
});

describe('readStatistics', () => {
  it('gives what the index says', async () => {
    const entry = summary('A');
    serveQueries([{ ...entry, times: '40 70' }, summary('B')]);

    expect(await collect(readStatistics(table, RANGE))).toMatchObject([
      { ...entry, latency_ms: 40, stored_ms: 70 },
      { latency_ms: 0, stored_ms: 0 },
    ]);
  });

  it.each([
    ['without statistics', { statistics: undefined }, 'it has no statistics'],
    ['of another version', { schema: 5 }, 'it is of schema 5, not 4'],
  ])('leaves out and reports an entry %s', async (_, damage, reason) => {
    serveQueries([{ ...summary('A'), ...damage }, summary('B')]);
    const { reported, watching } = watched();

    const entries = await collect(readStatistics(watching, RANGE));

    expect(entries.map(({ pk }) => pk)).toEqual(['unit#B']);
    expect(reported).toEqual([reason]);
  });
});
