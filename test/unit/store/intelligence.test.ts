import { ConditionalCheckFailedException, ThrottlingException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KeptAnswer } from '../../../lib/reputation/kept-answers.ts';
import { createAnswerStore } from '../../../lib/store/answer-store.ts';
import { createBlocklistStore, replaceBlocklist } from '../../../lib/store/blocklist-store.ts';
import { createQuotaStore } from '../../../lib/store/quota-store.ts';
import { documentClient } from '../../factories/dynamodb.ts';

const client = documentClient();
const dynamodb = mockClient(client);
const table = { client, tableName: 'assessments' };
const NOW_MS = 1_790_000_000_000;
const refused = new ConditionalCheckFailedException({ message: 'no', $metadata: { httpStatusCode: 400 } });
const throttled = new ThrottlingException({ message: 'no', $metadata: { httpStatusCode: 400 } });

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().resolves({});
});

describe('createAnswerStore', () => {
  const answers = createAnswerStore(table, '');
  const kept: KeptAnswer = {
    answer: { kind: 'known', intel: { confidence_score: 5, total_reports: 1 } },
    answeredAtMs: NOW_MS,
    freshUntilMs: NOW_MS + 3_600_000,
  };

  it('announces a call unless another one is under way or there is a fresh answer', async () => {
    expect(await answers.claim('abuseipdb', '8.8.8.8', NOW_MS, NOW_MS + 7_000)).toBe(true);

    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(UpdateCommand, {
      TableName: 'assessments',
      Key: { pk: 'intel#8.8.8.8', sk: 'answers#' },
      ConditionExpression:
        '(attribute_not_exists(#claim) OR #claim < :now) AND ' +
        '(attribute_not_exists(#answer) OR #answer.fresh_until < :now_seconds)',
      UpdateExpression:
        'SET #claim = :until, #schema = :schema, expires_at = if_not_exists(expires_at, :expires_at)',
      ExpressionAttributeNames: {
        '#claim': 'abuseipdb_claimed_until',
        '#answer': 'abuseipdb',
        '#schema': 'schema',
      },
      ExpressionAttributeValues: {
        ':now': NOW_MS,
        ':now_seconds': 1_790_000_000,
        ':until': NOW_MS + 7_000,
        ':schema': 4,
        ':expires_at': 1_790_086_400,
      },
    });
  });

  it('tells a call that another execution makes from a table that fails', async () => {
    dynamodb.on(UpdateCommand).rejectsOnce(refused).rejects(throttled);

    expect(await answers.claim('abuseipdb', '8.8.8.8', NOW_MS, NOW_MS + 1)).toBe(false);
    await expect(answers.claim('abuseipdb', '8.8.8.8', NOW_MS, NOW_MS + 1)).rejects.toMatchObject({
      code: 'throttled',
    });
  });

  it('keeps an answer for longer than it is fresh, and ends the announcement', async () => {
    await answers.keep('abuseipdb', '8.8.8.8', kept);

    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(UpdateCommand, {
      TableName: 'assessments',
      Key: { pk: 'intel#8.8.8.8', sk: 'answers#' },
      UpdateExpression: 'SET #answer = :answer, #schema = :schema, expires_at = :expires_at REMOVE #claim',
      ExpressionAttributeNames: {
        '#answer': 'abuseipdb',
        '#schema': 'schema',
        '#claim': 'abuseipdb_claimed_until',
      },
      ExpressionAttributeValues: {
        ':answer': {
          kind: 'known',
          intel: { confidence_score: 5, total_reports: 1 },
          answered_at: 1_790_000_000,
          fresh_until: 1_790_003_600,
        },
        ':schema': 4,
        ':expires_at': 1_790_000_000 + 8 * 86_400,
      },
    });
  });

  it('reads answers back, a hundred addresses a request', async () => {
    const stored = {
      kind: 'known',
      intel: { confidence_score: 5, total_reports: 1 },
      answered_at: 1_790_000_000,
      fresh_until: 1_790_003_600,
    };
    const item = {
      pk: 'intel#8.8.8.8',
      sk: 'answers#',
      schema: 4,
      abuseipdb: stored,
      virustotal_claimed_until: 1,
    };
    dynamodb
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { assessments: [item] } })
      .resolves({});
    const addresses = ['8.8.8.8', ...Array.from({ length: 149 }, (_, n) => `23.1.1.${n}`)];

    expect(await answers.read(addresses, Date.now() + 1_000)).toEqual(
      new Map([['8.8.8.8', { abuseipdb: kept }]]),
    );
    const sizes = dynamodb
      .commandCalls(BatchGetCommand)
      .map(({ args }) => args[0].input.RequestItems?.assessments?.Keys?.length);
    expect(sizes).toEqual([100, 50]);
  });

  it.each([
    ['of another version', { schema: 5 }],
    ['of an unheard kind', { virustotal: { kind: 'maybe', answered_at: 1, fresh_until: 2 } }],
    ['without what it knows', { virustotal: { kind: 'known', answered_at: 1, fresh_until: 2 } }],
    ['without its times', { virustotal: { kind: 'unknown' } }],
  ])('leaves out and reports an item %s', async (_, damage) => {
    const good = { kind: 'unknown', answered_at: 1, fresh_until: 2 };
    const item = { pk: 'intel#8.8.8.8', sk: 'answers#', schema: 4, virustotal: good };
    const neighbour = { ...item, pk: 'intel#9.9.9.9' };
    dynamodb
      .on(BatchGetCommand)
      .resolves({ Responses: { assessments: [{ ...item, ...damage }, neighbour] } });
    const reported: string[] = [];
    const watched = { ...table, onUnreadable: ({ pk }: { pk: string }) => void reported.push(pk) };

    const read = await createAnswerStore(watched, '').read(['8.8.8.8', '9.9.9.9'], Date.now() + 1_000);

    expect([...read.keys()]).toEqual(['9.9.9.9']);
    expect(reported).toEqual(['intel#8.8.8.8']);
  });

  it('gives what came in time where a part of it did not', async () => {
    const stored = { kind: 'unknown', answered_at: 1, fresh_until: 2 };
    dynamodb
      .on(BatchGetCommand)
      .rejectsOnce(refused)
      .resolves({
        Responses: { assessments: [{ pk: 'intel#8.8.8.8', sk: 'answers#', schema: 4, virustotal: stored }] },
      });
    const addresses = Array.from({ length: 150 }, (_, n) => `23.1.1.${n}`);

    expect([...(await answers.read(addresses, Date.now() + 1_000)).keys()]).toEqual(['8.8.8.8']);
  });

  it('keeps what stand-ins say apart', async () => {
    await createAnswerStore(table, 'virustotal=http://127.0.0.1:8080').keep('virustotal', '8.8.8.8', kept);

    expect(dynamodb.commandCalls(UpdateCommand)[0]?.args[0].input.Key).toEqual({
      pk: 'intel#8.8.8.8',
      sk: 'answers#virustotal=http://127.0.0.1:8080',
    });
  });
});

describe('createQuotaStore', () => {
  const quota = createQuotaStore(table, '');

  it('begins without calls', async () => {
    expect(await quota.read('virustotal')).toEqual({ state: { counts: [] }, revision: 0 });
    expect(dynamodb).toHaveReceivedCommandWith(GetCommand, {
      TableName: 'assessments',
      Key: { pk: 'quota#virustotal', sk: 'calls#' },
      ConsistentRead: true,
    });
  });

  it('writes the first state unless another execution has', async () => {
    dynamodb.on(PutCommand).resolvesOnce({}).rejects(refused);
    const state = { counts: [{ '1': 2 }] };

    expect(await quota.replace('virustotal', state, 0)).toBe(true);
    expect(await quota.replace('virustotal', state, 0)).toBe(false);
    expect(dynamodb).toHaveReceivedCommandWith(PutCommand, {
      Item: {
        pk: 'quota#virustotal',
        sk: 'calls#',
        schema: 4,
        expires_at: expect.any(Number),
        state: JSON.stringify(state),
        revision: 1,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  });

  it('replaces the state that was read, and no other', async () => {
    await quota.replace('virustotal', { counts: [] }, 7);

    expect(dynamodb).toHaveReceivedCommandWith(PutCommand, {
      ConditionExpression: 'revision = :revision',
      ExpressionAttributeValues: { ':revision': 7 },
    });
  });

  it('passes on what else goes wrong', async () => {
    dynamodb.onAnyCommand().rejects(throttled);

    await expect(quota.read('virustotal')).rejects.toMatchObject({ code: 'throttled' });
    await expect(quota.replace('virustotal', { counts: [] }, 1)).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('offline sets in the table', () => {
  const entry = {
    source: 'made-up',
    version: 'v2',
    lists: 3,
    addresses: 2,
    chunks: 2,
    importedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 1_000,
  };
  const chunks = [
    { family: 4, bytes: Buffer.from([8, 8, 8, 8, 1]) },
    { family: 6, bytes: Buffer.alloc(17) },
  ] as const;

  it('are there as a whole before they are listed, and the old one goes last', async () => {
    const { source, ...listed } = entry;
    const old = { ...listed, version: 'v1', chunks: 1, addresses: 9 };
    dynamodb.on(UpdateCommand).resolves({ Attributes: { 'set_made-up': old } });

    const replaced = await replaceBlocklist(table, entry, chunks, () => {});

    expect(replaced).toEqual({ source, ...old });
    expect(dynamodb.calls().map(({ args }) => args[0].constructor.name)).toEqual([
      'BatchWriteCommand',
      'BatchWriteCommand',
      'UpdateCommand',
      'DeleteCommand',
    ]);
    expect(dynamodb).toHaveReceivedCommandWith(UpdateCommand, {
      Key: { pk: 'blocklists', sk: 'sets' },
      ExpressionAttributeNames: { '#set': 'set_made-up', '#schema': 'schema' },
      ExpressionAttributeValues: { ':set': listed, ':schema': 4 },
    });
  });

  it('are listed until they expire', async () => {
    const { source, ...listed } = entry;
    const item = { pk: 'blocklists', sk: 'sets', schema: 4, 'set_made-up': listed };
    dynamodb.on(GetCommand).resolves({ Item: item });
    const store = createBlocklistStore(table);

    expect(await store.list(NOW_MS)).toEqual([{ source, ...listed }]);
    expect(await store.list(NOW_MS + 1_000)).toEqual([]);
  });

  it('are not there where a part is missing', async () => {
    const [first] = chunks;
    const item = {
      pk: 'blocklist#made-up#v2#0',
      sk: 'addresses',
      schema: 4,
      family: 4,
      addresses: first.bytes,
    };
    dynamodb.on(BatchGetCommand).resolves({ Responses: { assessments: [item] } });
    const store = createBlocklistStore(table);

    expect(await store.load(entry)).toBeUndefined();
    expect(await store.load({ ...entry, chunks: 1 })).toEqual([{ family: 4, bytes: first.bytes }]);
  });
});
