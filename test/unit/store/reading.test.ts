import { InternalServerError, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sumStatistics } from '../../../lib/assessment/statistics.ts';
import { type AddressItem, addressItems, assessmentText } from '../../../lib/store/address-item.ts';
import { summaryKey } from '../../../lib/store/keys.ts';
import { getItems, isAlive, query } from '../../../lib/store/query.ts';
import { readAssessmentsIn, readAssessmentsOf, readAttention } from '../../../lib/store/read-assessments.ts';
import { readStatistics, readSummaries } from '../../../lib/store/read-summaries.ts';
import { summaryItems } from '../../../lib/store/summary-item.ts';
import { timeline } from '../../../lib/store/timeline.ts';
import { plainAssessment } from '../../factories/assessments.ts';
import { documentClient } from '../../factories/dynamodb.ts';
import { collect } from '../../factories/iterables.ts';

const client = documentClient();
const dynamodb = mockClient(client);
const table = { client, tableName: 'assessments' };

const NOW_MS = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const ALIVE = NOW_MS / 1000 + 1;
const EXPIRED = NOW_MS / 1000;

interface Stored {
  readonly message: string;
  readonly latestMs?: number;
  readonly ingestedAtMs?: number;
  readonly expiresAt?: number;
}

function addressItem({
  message,
  latestMs = 0,
  ingestedAtMs = NOW_MS,
  expiresAt = ALIVE,
}: Stored): AddressItem {
  const [item] = addressItems({
    address: '8.8.8.8',
    message,
    latestMs,
    ingestedAtMs,
    expiresAt,
    kinds: [{ protocol: 'udp', direction: 'outbound' }],
    groups: [
      {
        assessment: plainAssessment(),
        text: assessmentText(plainAssessment()),
        needsAttention: true,
        // Each message its own connection: repeated ones are told once.
        rows: [JSON.stringify([1, '10.0.0.1', null, 53, message])],
      },
    ],
  });
  if (item === undefined) throw new TypeError('no item');
  return item;
}

/** Answers queries of the table and its index from a list of items, as DynamoDB would. */
function serveQueries(items: readonly AddressItem[]): void {
  dynamodb
    .on(QueryCommand)
    .callsFake((input: { IndexName?: string; ExpressionAttributeValues: Record<string, unknown> }) => {
      const {
        ':partition': partition,
        ':from': from = 0,
        ':to': to = Number.MAX_VALUE,
      } = input.ExpressionAttributeValues;
      const found = items.filter((item) =>
        input.IndexName === undefined
          ? item.pk === partition
          : item.time_bucket === partition &&
            item.ingested_at >= Number(from) &&
            item.ingested_at <= Number(to),
      );
      const order = (item: AddressItem) => (input.IndexName === undefined ? item.sk : item.ingested_at);
      return { Items: found.toSorted((a, b) => (order(a) < order(b) ? 1 : -1)) };
    });
}

/** Answers requests for items by key from a list of items, as DynamoDB would. */
function serveItems(items: readonly { readonly pk: string; readonly sk: string }[]): void {
  dynamodb
    .on(BatchGetCommand)
    .callsFake((input: { RequestItems: { assessments: { Keys: { pk: string; sk: string }[] } } }) => ({
      Responses: {
        assessments: input.RequestItems.assessments.Keys.flatMap(({ pk, sk }) =>
          items.filter((item) => item.pk === pk && item.sk === sk),
        ),
      },
    }));
}

function wantedKeys(): unknown[] {
  return dynamodb
    .commandCalls(BatchGetCommand)
    .map(({ args }) => args[0].input.RequestItems?.assessments?.Keys);
}

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
      name: 'StoreError',
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
    const items = ['A', 'B', 'C', 'D', 'E', 'F'].map((message, n) =>
      addressItem({ message, latestMs: ((n * 5) % 6) * 1000 }),
    );
    serveQueries(items);
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

  it('tells a connection once that came in several messages, with the assessment that comes first', async () => {
    const late = addressItem({ message: 'A', latestMs: 2 });
    const early = addressItem({ message: 'B', latestMs: 1 });
    serveQueries([late, { ...early, content: late.content }]);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ id }) => id)).toEqual([expect.stringContaining('/2/A/')]);
  });

  it('gives the latest connection first', async () => {
    const items = ['A', 'B', 'C', 'D'].map((message, n) =>
      addressItem({ message, latestMs: ((n * 3) % 4) * 1000, ingestedAtMs: ((n * 3) % 4) + 1 }),
    );
    serveQueries(items);

    const read = await collect(readAssessmentsOf(table, '8.8.8.8', NOW_MS));

    expect(read.map(({ ingestedAtMs }) => ingestedAtMs)).toEqual([4, 3, 2, 1]);
  });

  it('hides what has expired', async () => {
    serveQueries([
      addressItem({ message: 'A', expiresAt: EXPIRED }),
      addressItem({ message: 'B', ingestedAtMs: 7 }),
    ]);

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
      arrivals.map((ingestedAtMs, n) => addressItem({ message: `${'ABCDEFGH'.charAt(n)}`, ingestedAtMs })),
    );

    const entries = await collect(timeline(table, 'attention', range));

    expect(entries.map(({ ingested_at }) => ingested_at)).toEqual(
      [0, -1, -DAY_MS / 2, -DAY_MS + 1, -DAY_MS].map((offset) => NOW_MS + offset),
    );
  });

  it('asks each shard of each day once', async () => {
    serveQueries([]);

    await collect(timeline(table, 'attention', range));

    expect(dynamodb).toHaveReceivedCommandTimes(QueryCommand, 16);
    expect(dynamodb).toHaveReceivedNthCommandWith(QueryCommand, 1, {
      TableName: 'assessments',
      IndexName: 'by-time',
      KeyConditionExpression: 'time_bucket = :partition AND ingested_at BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':partition': 'attention#2023-11-14#0',
        ':from': range.fromMs,
        ':to': range.toMs,
      },
      ScanIndexForward: false,
    });
  });

  it('hides what has expired', async () => {
    serveQueries([addressItem({ message: 'A', expiresAt: EXPIRED }), addressItem({ message: 'B' })]);

    const entries = await collect(timeline(table, 'attention', range));

    expect(entries.map(({ sk }) => sk)).toEqual(['000000000000000#B#0']);
  });

  it('reads no older day than it is asked for', async () => {
    serveQueries([addressItem({ message: 'A' })]);

    const { value } = await timeline(table, 'attention', range).next();

    expect(value).toMatchObject({ ingested_at: NOW_MS });
    expect(dynamodb).toHaveReceivedCommandTimes(QueryCommand, 8);
  });

  it('leads to the assessments that need a human', async () => {
    const items = [addressItem({ message: 'A', ingestedAtMs: NOW_MS - 5 }), addressItem({ message: 'B' })];
    serveQueries(items);
    serveItems(items);

    const read = await collect(readAttention(table, range));

    expect(read.map(({ address, ingestedAtMs }) => [address, ingestedAtMs])).toEqual([
      ['8.8.8.8', NOW_MS],
      ['8.8.8.8', NOW_MS - 5],
    ]);
  });

  it('gives statistics from the index alone', async () => {
    const [summary] = summaryItems({
      message: 'A',
      messageId: 'message-1',
      ingestedAtMs: NOW_MS,
      expiresAt: ALIVE,
      statistics: { ...sumStatistics([]), records: 3 },
      items: [],
    });
    serveQueries([summary as unknown as AddressItem]);

    const entries = await collect(readStatistics(table, range));

    expect(entries.map(({ statistics }) => statistics.records)).toEqual([3]);
    expect(dynamodb).not.toHaveReceivedCommand(BatchGetCommand);
  });
});

describe('readSummaries and readAssessmentsIn', () => {
  function storedSummary(addresses: number) {
    return summaryItems({
      message: 'A',
      messageId: 'message-1',
      ingestedAtMs: NOW_MS,
      expiresAt: ALIVE,
      statistics: sumStatistics([]),
      items: Array.from({ length: addresses }, (_, n) => ({
        address: `8.8.${n >> 8}.${n & 255}`,
        latestMs: n,
        parts: 1,
      })),
    });
  }

  it('reads a summary with all of its parts', async () => {
    serveItems(storedSummary(12_000));

    const [summary, ...others] = await collect(readSummaries(table, ['A', 'unknown'], NOW_MS));

    expect(others).toEqual([]);
    expect(summary).toMatchObject({ message: 'A', ingestedAtMs: NOW_MS });
    expect(summary?.items).toHaveLength(12_000);
    expect(wantedKeys()).toEqual([
      [summaryKey('A'), summaryKey('unknown')],
      [summaryKey('A', 1), summaryKey('A', 2)],
    ]);
  });

  it('does not pass off a summary of which a part is missing as whole', async () => {
    const [first, , third] = storedSummary(12_000);
    serveItems([first, third].filter((part) => part !== undefined));

    await expect(collect(readSummaries(table, ['A'], NOW_MS))).rejects.toThrow(/message A/);
  });

  it('names the message whose summary has no statistics', async () => {
    const [summary] = storedSummary(1);
    const { statistics: _, ...without } = summary ?? { pk: '', sk: '' };
    serveItems([without as { pk: string; sk: string }]);

    await expect(collect(readSummaries(table, ['A'], NOW_MS))).rejects.toThrow(
      /the summary of message A has no statistics/,
    );
  });

  it('asks for every part of every address that a message wrote', async () => {
    const item = addressItem({ message: 'A', latestMs: 5 });
    serveItems([item]);
    const summary = {
      message: 'A',
      ingestedAtMs: NOW_MS,
      statistics: sumStatistics([]),
      divergences: [],
      items: [{ address: '8.8.8.8', latestMs: 5, parts: 2 }],
    };

    const read = await collect(readAssessmentsIn(table, summary, NOW_MS));

    expect(read).toHaveLength(1);
    expect(wantedKeys()).toEqual([
      [
        { pk: item.pk, sk: '000000000000005#A#0' },
        { pk: item.pk, sk: '000000000000005#A#1' },
      ],
    ]);
  });
});
