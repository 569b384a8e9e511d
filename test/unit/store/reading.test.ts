import { InternalServerError, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sumStatistics } from '../../../lib/statistics/unit-tally.ts';
import type { AddressItem } from '../../../lib/store/address-item.ts';
import { parseAddressItemKey, summaryKey } from '../../../lib/store/keys.ts';
import { getItems, isAlive, query } from '../../../lib/store/query.ts';
import { readAssessment, readAssessmentsIn, readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { readStatistics, readSummaries } from '../../../lib/store/read-summaries.ts';
import { summaryItems } from '../../../lib/store/summary-item.ts';
import { timeline } from '../../../lib/store/timeline.ts';
import { collect } from '../../factories/iterables.ts';
import { ALIVE, addressItem, EXPIRED, mockTable, NOW_MS, summaryOf } from '../../factories/stored-units.ts';

const { table, dynamodb, serve, serveQueries, serveItems, wantedKeys } = mockTable();

const DAY_MS = 86_400_000;

beforeEach(() => {
  dynamodb.reset();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('isAlive', () => {
  it.each([
    [ALIVE, true],
    [EXPIRED, false],
    [EXPIRED - 1, false],
  ])('takes an item that expires at %i for what it is', (expires_at, expected) => {
    expect(isAlive({ expires_at }, NOW_MS)).toBe(expected);
  });
});

describe('query', () => {
  it('reads page by page', async () => {
    const LastEvaluatedKey = { pk: 'a', sk: '2' };
    dynamodb
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ sk: '1' }, { sk: '2' }], LastEvaluatedKey })
      .resolvesOnce({ LastEvaluatedKey })
      .resolvesOnce({ Items: [{ sk: '3' }] });

    const items = await collect(query(table, { KeyConditionExpression: 'pk = :p' }));

    expect(items).toEqual([{ sk: '1' }, { sk: '2' }, { sk: '3' }]);
    expect(dynamodb).toHaveReceivedCommandTimes(QueryCommand, 3);
    expect(dynamodb).toHaveReceivedNthCommandWith(QueryCommand, 1, {
      TableName: 'assessments',
      KeyConditionExpression: 'pk = :p',
    });
    expect(dynamodb).toHaveReceivedNthCommandWith(QueryCommand, 2, { ExclusiveStartKey: LastEvaluatedKey });
  });

  it('says in its own terms what went wrong', async () => {
    dynamodb
      .on(QueryCommand)
      .rejects(new InternalServerError({ message: 'no', $metadata: { httpStatusCode: 500 } }));

    await expect(collect(query(table, {}))).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'unavailable',
      message: 'could not read the table: InternalServerError: no',
    });
  });
});

describe('getItems', () => {
  const keys = Array.from({ length: 150 }, (_, n) => ({ pk: `message#${n}`, sk: 'summary#0' }));

  it('asks for nothing where no key is given', async () => {
    expect(await collect(getItems(table, []))).toEqual([]);
    expect(dynamodb).not.toHaveReceivedAnyCommand();
  });

  it('asks for a hundred keys at a time, and for keys only', async () => {
    serveItems(keys);

    const items = await collect(
      getItems(
        table,
        keys.map((key) => ({ ...key, further: 1 })),
      ),
    );

    expect(items).toEqual(keys);
    expect(wantedKeys()).toEqual([keys.slice(0, 100), keys.slice(100)]);
  });

  it('asks again for keys that were left unprocessed', async () => {
    const [first, second] = keys;
    dynamodb
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { assessments: [{ ...first }] },
        UnprocessedKeys: { assessments: { Keys: [{ ...second }] } },
      })
      .rejectsOnce(
        new ProvisionedThroughputExceededException({ message: 'no', $metadata: { httpStatusCode: 400 } }),
      )
      .resolvesOnce({ Responses: { assessments: [{ ...second }] } });

    const items = await collect(getItems(table, keys.slice(0, 2)));

    expect(items).toEqual([first, second]);
    expect(wantedKeys()).toEqual([[first, second], [second], [second]]);
  });

  it('throws what is not going to pass', async () => {
    dynamodb
      .on(BatchGetCommand)
      .rejects(
        Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }),
      );

    await expect(collect(getItems(table, keys.slice(0, 1)))).rejects.toMatchObject({ code: 'denied' });
    expect(dynamodb).toHaveReceivedCommandTimes(BatchGetCommand, 1);
  });
});

describe('readAssessmentsOf', () => {
  it('merges the shards of an address, the latest connection first', async () => {
    const items = ['A', 'B', 'C', 'D', 'E', 'F'].map((unit, n) =>
      addressItem({ unit, latestMs: ((n * 5) % 6) * 1000 }),
    );
    serve(items);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(new Set(items.map(({ pk }) => pk)).size).toBe(4);
    expect(read).toHaveLength(6);
    expect(dynamodb.commandCalls(QueryCommand).map(({ args }) => args[0].input)).toEqual(
      [0, 1, 2, 3].map((shard) => ({
        TableName: 'assessments',
        KeyConditionExpression: 'pk = :partition',
        ExpressionAttributeValues: { ':partition': `address#8.8.8.8#${shard}` },
        ScanIndexForward: false,
        ExclusiveStartKey: undefined,
      })),
    );
  });

  it('gives a connection once that came in several units, with the assessment that comes first', async () => {
    const late = addressItem({ unit: 'A', latestMs: 2 });
    const early = addressItem({ unit: 'B', latestMs: 1 });
    serve([late, { ...early, content: late.content }]);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ unit }) => unit)).toEqual(['A']);
  });

  it('leaves out what no summary names', async () => {
    const named = addressItem({ unit: 'A', latestMs: 1 });
    const unsummarized = addressItem({ unit: 'B', latestMs: 2 });
    const leftOver = { ...named, sk: named.sk.replace(/[^#]+$/, 'fiGCaZRSzH4sTAYKtvKdMj') };
    serve([unsummarized, named, leftOver], [named]);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ unit }) => unit)).toEqual(['A']);
  });

  it('puts together what a unit says in several items, in the order of its summary', async () => {
    const item = addressItem({ unit: 'A' });
    const parts = ['second', 'first'].map((id, n) => ({
      ...item,
      sk: item.sk.replace(/[^#]+$/, `${n}`),
      content: String(item.content).replace('"A"', `"${id}"`),
    }));
    serveQueries(parts);
    const summary = { ...summaryOf(item), items: ['8.8.8.8 0 1 0'] };
    serveItems([...parts, summary]);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ connections }) => connections.map(({ id }) => id))).toEqual([['first', 'second']]);
  });

  it.each([
    ['of another version', { schema: 5 }],
    ['without a version', { schema: undefined }],
    ['that is damaged', { content: '{"kinds":' }],
    ['whose rows lead nowhere', { content: '{"kinds":[],"verdicts":[{"connections":[[1,"10.0.0.1"]]}]}' }],
  ])('leaves out and reports an item %s', async (_, damage) => {
    const good = addressItem({ unit: 'A', latestMs: 1 });
    const bad = addressItem({ unit: 'B', latestMs: 2 });
    const reported: string[] = [];
    serve([{ ...bad, ...damage } as AddressItem, good], [good, bad]);

    const watched = { ...table, onUnreadable: ({ sk }: { sk: string }) => void reported.push(sk) };
    const read = await collect(readAssessmentsOf(watched, '8.8.8.8', NOW_MS));

    expect(read.map(({ unit }) => unit)).toEqual(['A']);
    expect(reported).toEqual([bad.sk]);
  });

  it('gives the latest connection first', async () => {
    const items = ['A', 'B', 'C', 'D'].map((unit, n) =>
      addressItem({ unit, latestMs: ((n * 3) % 4) * 1000, ingestedAtMs: ((n * 3) % 4) + 1 }),
    );
    serve(items);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ ingestedAtMs }) => ingestedAtMs)).toEqual([4, 3, 2, 1]);
  });

  it('hides what has expired', async () => {
    serve([addressItem({ unit: 'A', expiresAt: EXPIRED }), addressItem({ unit: 'B', ingestedAtMs: 7 })]);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ ingestedAtMs }) => ingestedAtMs)).toEqual([7]);
  });
});

describe('timeline', () => {
  const range = { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS, nowMs: NOW_MS };

  it('gives what arrived in the range, newest first, over days and shards', async () => {
    const arrivals = [0, -1, -DAY_MS, -DAY_MS / 2, -DAY_MS + 1, 1, -DAY_MS - 1].map(
      (offset) => NOW_MS + offset,
    );
    serveQueries(
      arrivals.map((ingestedAtMs, n) => summaryOf(addressItem({ unit: 'ABCDEFGH'.charAt(n), ingestedAtMs }))),
    );

    const entries = await collect(timeline(table, 'summary', range));

    expect(entries.map(({ ingested_at }) => ingested_at)).toEqual(
      [0, -1, -DAY_MS / 2, -DAY_MS + 1, -DAY_MS].map((offset) => NOW_MS + offset),
    );
  });

  it('asks each shard of each day once', async () => {
    serveQueries([]);

    await collect(timeline(table, 'summary', range));

    expect(dynamodb).toHaveReceivedCommandTimes(QueryCommand, 16);
    expect(dynamodb).toHaveReceivedNthCommandWith(QueryCommand, 1, {
      TableName: 'assessments',
      IndexName: 'by-time',
      KeyConditionExpression: 'time_bucket = :partition AND ingested_at BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':partition': 'summary#2023-11-14#0',
        ':from': range.fromMs,
        ':to': range.toMs,
      },
      ScanIndexForward: false,
    });
  });

  it('hides what has expired', async () => {
    serveQueries(
      [{ unit: 'A', expiresAt: EXPIRED }, { unit: 'B' }].map((each) => summaryOf(addressItem(each))),
    );

    const entries = await collect(timeline(table, 'summary', range));

    expect(entries.map(({ sk }) => sk)).toEqual(['summary']);
    expect(entries.map(({ pk }) => pk)).toEqual(['unit#B']);
  });

  it('reads no older day than it is asked for', async () => {
    serveQueries([summaryOf(addressItem({ unit: 'A' }))]);

    const { value } = await timeline(table, 'summary', range).next();

    expect(value).toMatchObject({ ingested_at: NOW_MS });
    expect(dynamodb).toHaveReceivedCommandTimes(QueryCommand, 8);
  });

  it('gives statistics from the index alone', async () => {
    const summary = {
      ...summaryOf(addressItem({ unit: 'A' })),
      statistics: { ...sumStatistics([]), records: 3 },
    };
    serveQueries([summary]);

    const entries = await collect(readStatistics(table, range));

    expect(entries.map(({ statistics }) => statistics.records)).toEqual([3]);
    expect(dynamodb).not.toHaveReceivedCommand(BatchGetCommand);
  });
});

describe('readSummaries and readAssessmentsIn', () => {
  function storedSummary(addresses: number) {
    return summaryItems({
      unit: 'A',
      messageIds: ['message-1'],
      ingestedAtMs: NOW_MS,
      expiresAt: ALIVE,
      statistics: sumStatistics([]),
      items: Array.from({ length: addresses }, (_, n) => ({
        address: `8.8.${n >> 8}.${n & 255}`,
        latestMs: n,
        records: ['fiGCaZRSzH4sTAYKtvKdMj'],
      })),
    });
  }

  it('reads a summary with all of its parts', async () => {
    const { first, further } = storedSummary(20_000);
    serveItems([first, ...further]);

    const [summary, ...others] = await collect(readSummaries(table, ['A', 'unknown'], NOW_MS));

    expect(others).toEqual([]);
    expect(summary).toMatchObject({ unit: 'A', ingestedAtMs: NOW_MS });
    expect(summary?.items).toHaveLength(20_000);
    expect(further.length).toBeGreaterThan(1);
    expect(wantedKeys()).toEqual([
      [summaryKey('A'), summaryKey('unknown')],
      further.map(({ pk, sk }) => ({ pk, sk })),
    ]);
  });

  it.each([
    ['of which a part is missing', { further: ['fiGCaZRSzH4sTAYKtvKdMj'] }, 'one of its parts is missing'],
    ['that has no statistics', { statistics: undefined }, 'it has no statistics'],
    ['that lists nonsense', { items: ['nonsense'] }, 'not an entry of a summary: nonsense'],
    ['of another version', { schema: 5, items: undefined }, 'it is of schema 5, not 4'],
  ])('leaves out and reports a summary %s', async (_, damage, reason) => {
    const { first } = storedSummary(1);
    serveItems([{ ...first, ...damage }]);
    const reported: string[] = [];
    const watched = { ...table, onUnreadable: (__: unknown, why: string) => void reported.push(why) };

    expect(await collect(readSummaries(watched, ['A'], NOW_MS))).toEqual([]);
    expect(reported).toEqual([reason]);
  });

  it('asks for every item of every address that a unit wrote', async () => {
    const item = addressItem({ unit: 'A', latestMs: 5 });
    serveItems([item]);
    const { records = '' } = parseAddressItemKey(item) ?? {};
    const items = [{ address: '8.8.8.8', latestMs: 5, records: [records, 'gone'] }];

    const read = await collect(readAssessmentsIn(table, { unit: 'A', items }, NOW_MS));

    expect(read).toHaveLength(1);
    expect(wantedKeys()).toEqual([
      [
        { pk: item.pk, sk: item.sk },
        { pk: item.pk, sk: '000000000000005#A#gone' },
      ],
    ]);
  });

  it('reads an assessment by the name of each endpoint that it covers', async () => {
    const item = addressItem({ unit: 'A' });
    serveItems([item, summaryOf(item)]);
    const name = { address: '8.8.8.8', unit: 'A', endpoint: '53/udp/outbound' };

    expect(await readAssessment(table, name, NOW_MS)).toMatchObject({ endpoints: ['53/udp/outbound'] });
    // Something was looked up since then, so that the report has another age.
    expect(await readAssessment(table, { ...name, reportAgeDays: 4 }, NOW_MS)).toBeDefined();
    expect(await readAssessment(table, { ...name, endpoint: '54/udp/outbound' }, NOW_MS)).toBeUndefined();
    expect(await readAssessment(table, { ...name, unit: 'B' }, NOW_MS)).toBeUndefined();
  });
});
