import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AddressItem, addressItems } from '../../../lib/store/address-item.ts';
import { assessmentText } from '../../../lib/store/assessment-text.ts';
import { parseAddressItemKey } from '../../../lib/store/keys.ts';
import type { StoredScoring } from '../../../lib/store/read-address-items.ts';
import {
  readAllAssessmentsOf,
  readAssessment,
  readAssessmentsBetween,
  readAssessmentsOf,
  readScoringsIn,
} from '../../../lib/store/read-assessments.ts';
import { readSummariesBetween } from '../../../lib/store/read-summaries.ts';
import type { SettingsStamp } from '../../../lib/store/settings-stamp.ts';
import { distinctUnits } from '../../../lib/store/shared-messages.ts';
import { assessment, plainAssessment } from '../../factories/assessments.ts';
import { placedRows } from '../../factories/items.ts';
import { collect } from '../../factories/iterables.ts';
import { ALIVE, addressItem, EXPIRED, mockTable, NOW_MS, summaryOf } from '../../factories/stored-units.ts';

const { table, dynamodb, serve, serveItems, serveQueries, wantedKeys } = mockTable();

const RANGE = { fromMs: NOW_MS - 1_000, toMs: NOW_MS, nowMs: NOW_MS };
const SETTINGS: SettingsStamp = {
  mode: 'parallel',
  consensusPercent: 25,
  origin: { source: 'operator', version: 7, changedAtMs: 1_000 },
  maliciousThreshold: 0.7,
};

/** Unit names that differ in their first letter, so that items are spread over the shards. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const units = (count: number) => [...LETTERS].slice(0, count);

/** Number of summary keys in each request; other requests are left out. */
const summariesWanted = () =>
  wantedKeys()
    .map((keys) => (keys as { sk: string }[]).filter(({ sk }) => sk === 'summary').length)
    .filter((count) => count > 0);

beforeEach(() => {
  dynamodb.reset();
});

describe('readAllAssessmentsOf', () => {
  it('gives each assessment, repeated connections included', async () => {
    const late = addressItem({ unit: 'A', latestMs: 2 });
    const early = { ...addressItem({ unit: 'B', latestMs: 1 }), content: late.content };
    serve([late, early]);

    const read = await collect(readAllAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ unit }) => unit)).toEqual(['A', 'B']);
  });

  it('asks for the summaries of twenty-five units at a time', async () => {
    serve(units(51).map((unit, n) => addressItem({ unit, latestMs: 1_000 - n })));

    const read = await collect(readAllAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ unit }) => unit)).toEqual(units(51));
    expect(summariesWanted()).toEqual([25, 25, 1]);
  });

  it('counts items and not units, since items are what takes memory', async () => {
    const item = addressItem({ unit: 'A', latestMs: 9 });
    const parts = Array.from({ length: 25 }, (_, n) => ({
      ...item,
      sk: item.sk.replace(/[^#]+$/, `part-${n}`),
    }));
    const other = addressItem({ unit: 'B', latestMs: 1 });
    serveQueries([...parts, other]);
    serveItems([...parts, other, summaryOf(other)]);

    await collect(readAllAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(summariesWanted()).toEqual([1, 1]);
  });

  it('passes over an item whose key it does not know', async () => {
    const item = addressItem({ unit: 'A' });
    const strange = { ...item, sk: '9999' };
    serveQueries([strange, item]);
    serveItems([item, summaryOf(item)]);

    const read = await collect(readAllAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ unit }) => unit)).toEqual(['A']);
  });

  it('gives no item that has expired although its summary has not', async () => {
    const item = addressItem({ unit: 'A', expiresAt: EXPIRED });
    serve([item], [{ ...item, expires_at: ALIVE }]);

    expect(await collect(readAllAssessmentsOf(table, '8.8.8.8', NOW_MS))).toEqual([]);
  });
});

describe('readAssessmentsOf', () => {
  it('gives of an assessment the connections that are new, and no assessment without any', async () => {
    const both = (unit: string, latestMs: number, ids: readonly string[]) => ({
      ...addressItem({ unit, latestMs }),
      content: JSON.stringify({
        kinds: [{ protocol: 'udp', direction: 'outbound' }],
        verdicts: [{ method: 'median', connections: ids.map((id) => [1, '10.0.0.1', null, 53, id]) }],
      }),
    });
    serve([both('A', 3, ['one', 'two']), both('B', 2, ['two', 'three']), both('C', 1, ['one'])]);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ unit, connections }) => [unit, ...connections.map(({ id }) => id)])).toEqual([
      ['A', 'one', 'two'],
      ['B', 'three'],
    ]);
  });
});

describe('readAssessment', () => {
  const NAME = { address: '8.8.8.8', unit: 'A', endpoint: '53/udp/outbound' };

  /** An endpoint with connections that saw a report at different ages. */
  function itemOfAges(...ages: readonly number[]): AddressItem {
    const [item] = addressItems({
      ...NAME,
      ingestedAtMs: NOW_MS,
      expiresAt: ALIVE,
      latestMs: 0,
      kinds: [{ protocol: 'udp', direction: 'outbound' }],
      groups: ages.map((report_age_days) => {
        const said = plainAssessment({ input: { report_age_days } });
        const rows = placedRows([JSON.stringify([1, '10.0.0.1', null, 53, `C${report_age_days}`])]);
        return { assessment: said, text: assessmentText(said), rows };
      }),
    });
    if (item === undefined) throw new TypeError('no item');
    return item;
  }

  it.each([
    [3, 3],
    [4, 4],
    [5, 5],
    // An answer came late, so the report has another age by then.
    [9, 3],
    [undefined, 3],
  ])('gives the one whose report is of the age %s', async (reportAgeDays, expected) => {
    const item = itemOfAges(3, 4, 5);
    serveItems([item, summaryOf(item)]);
    const name = reportAgeDays === undefined ? NAME : { ...NAME, reportAgeDays };

    const read = await readAssessment(table, name, NOW_MS);

    expect(read?.assessment.input.report_age_days).toBe(expected);
  });

  it.each([
    ['its unit', EXPIRED, EXPIRED],
    ['the summary of its unit', ALIVE, EXPIRED],
    ['the item that holds it', EXPIRED, ALIVE],
  ])('is not there where %s has expired', async (_, itemExpiry, summaryExpiry) => {
    const item = addressItem({ unit: 'A', expiresAt: itemExpiry });
    serveItems([item, { ...summaryOf(item), expires_at: summaryExpiry } as never]);

    expect(await readAssessment(table, NAME, NOW_MS)).toBeUndefined();
  });

  it('is not there where the unit has another address only', async () => {
    const item = addressItem({ unit: 'A', address: '9.9.9.9' });
    serveItems([item, summaryOf(item)]);

    expect(await readAssessment(table, NAME, NOW_MS)).toBeUndefined();
  });
});

describe('readAssessmentsBetween', () => {
  it('gives what units say that arrived in the range, the newest unit first', async () => {
    const items = [1_001, 1_000, 0, 5].map((agoMs, n) =>
      addressItem({ unit: LETTERS.charAt(n), ingestedAtMs: NOW_MS - agoMs }),
    );
    serveQueries(items.map(summaryOf));
    serveItems([...items, ...items.map(summaryOf)]);

    const read = await collect(readAssessmentsBetween(table, RANGE));

    expect(read.map(({ unit }) => unit)).toEqual(['C', 'D', 'B']);
  });

  it('leaves out items that have expired', async () => {
    const item = addressItem({ unit: 'A', expiresAt: EXPIRED });
    const summary = { ...summaryOf(item), expires_at: ALIVE };
    serveQueries([summary]);
    serveItems([item, summary]);

    expect(await collect(readAssessmentsBetween(table, RANGE))).toEqual([]);
  });
});

describe('readScoringsIn', () => {
  it('gives what the scorers saw of each endpoint, with what was said of it and under which settings', async () => {
    const said = assessment();
    const item = addressItem({ unit: 'A', assessment: said, settings: SETTINGS });
    serveItems([item]);
    const { records = '', latestMs = 0 } = parseAddressItemKey(item) ?? {};
    const items = [{ address: '8.8.8.8', latestMs, records: [records] }];

    const scorings = await collect(readScoringsIn(table, { summary: { unit: 'A', items } }, NOW_MS));

    expect(scorings).toEqual([
      {
        input: { address: '8.8.8.8', dst_port: 53, protocol: 'udp', direction: 'outbound', ...said.input },
        assessment: said,
        settings: SETTINGS,
      },
    ]);
  });
});

describe('what two deliveries of one message stored', () => {
  const first = addressItem({ unit: 'A', latestMs: 2 });
  const other = addressItem({ unit: 'C', latestMs: 3 });
  // The same connection, in addition to those of `A`.
  const again = { ...addressItem({ unit: 'B', latestMs: 1 }), content: first.content };
  const alone = { ...summaryOf(other), messages: ['message-2'] };

  beforeEach(() => {
    const summaries = [summaryOf(first), summaryOf(again), alone];
    serveQueries([...summaries, first, again, other]);
    serveItems([...summaries, first, again, other]);
  });

  it('is read once by time', async () => {
    const read = await collect(readAssessmentsBetween(table, RANGE));

    expect(read.map(({ unit }) => unit).toSorted()).toHaveLength(2);
    expect(read.map(({ unit }) => unit)).toContain('C');
  });

  it('is scored once', async () => {
    const scorings: StoredScoring[] = [];
    for await (const unit of distinctUnits(readSummariesBetween(table, RANGE))) {
      scorings.push(...(await collect(readScoringsIn(table, unit, NOW_MS))));
    }

    expect(scorings).toHaveLength(2);
  });
});
