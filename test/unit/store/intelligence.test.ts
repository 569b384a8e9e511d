import { ConditionalCheckFailedException, ThrottlingException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeptAnswer } from '../../../lib/intelligence/kept-answers.ts';
import { createAnswerStore } from '../../../lib/store/answer-store.ts';
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

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const UNFIT = 'not the answer of a provider';
const KNOWN = { kind: 'known', answered_at: 1, fresh_until: 2 };

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
      new Map(addresses.map((address) => [address, address === '8.8.8.8' ? { abuseipdb: kept } : {}])),
    );
    const sizes = dynamodb
      .commandCalls(BatchGetCommand)
      .map(({ args }) => args[0].input.RequestItems?.assessments?.Keys?.length);
    expect(sizes).toEqual([100, 50]);
  });

  it.each([
    ['of another version', { schema: 5 }, 'it is of schema 5, not 4'],
    ['of an unheard kind', { virustotal: { kind: 'maybe', answered_at: 1, fresh_until: 2 } }, UNFIT],
    ['without what it knows', { virustotal: { kind: 'known', answered_at: 1, fresh_until: 2 } }, UNFIT],
    ['without anything where it knows something', { virustotal: { ...KNOWN, intel: null } }, UNFIT],
    ['with something else than what it knows', { virustotal: { ...KNOWN, intel: 'x' } }, UNFIT],
    ['without the time of the answer', { virustotal: { kind: 'unknown', fresh_until: 2 } }, UNFIT],
    ['without the end of its freshness', { virustotal: { kind: 'unknown', answered_at: 1 } }, UNFIT],
  ])('takes for nothing, and reports, an item %s', async (_, damage, reason) => {
    const good = { kind: 'unknown', answered_at: 1, fresh_until: 2 };
    const item = { pk: 'intel#8.8.8.8', sk: 'answers#', schema: 4, virustotal: good };
    const neighbour = { ...item, pk: 'intel#9.9.9.9' };
    dynamodb
      .on(BatchGetCommand)
      .resolves({ Responses: { assessments: [{ ...item, ...damage }, neighbour] } });
    const reported: string[] = [];
    const watched = {
      ...table,
      onUnreadable: ({ pk }: { pk: string }, why: string) => void reported.push(pk, why),
    };

    const read = await createAnswerStore(watched, '').read(['8.8.8.8', '9.9.9.9'], Date.now() + 1_000);

    expect(read.get('8.8.8.8')).toEqual({});
    expect(read.get('9.9.9.9')).toMatchObject({ virustotal: { answer: { kind: 'unknown' } } });
    expect(reported).toEqual(['intel#8.8.8.8', reason]);
  });

  it.each(['unknown', 'refused'])('reads back that a provider answered %s', async (kind) => {
    const virustotal = { kind, answered_at: 1.5, fresh_until: 2.25 };
    dynamodb.on(BatchGetCommand).resolves({
      Responses: { assessments: [{ pk: 'intel#8.8.8.8', sk: 'answers#', schema: 4, virustotal }] },
    });

    const read = await answers.read(['8.8.8.8'], Date.now() + 1_000);

    expect(read.get('8.8.8.8')).toStrictEqual({
      virustotal: { answer: { kind }, answeredAtMs: 1_500, freshUntilMs: 2_250 },
    });
  });

  it('stores of an answer without intelligence only its kind and times', async () => {
    await answers.keep('virustotal', '8.8.8.8', { ...kept, answer: { kind: 'unknown' } });

    const [call] = dynamodb.commandCalls(UpdateCommand);
    expect(call?.args[0].input.ExpressionAttributeValues?.[':answer']).toStrictEqual({
      kind: 'unknown',
      answered_at: 1_790_000_000,
      fresh_until: 1_790_003_600,
    });
  });

  // TTL deletes at whole seconds: rounded down, an item would expire too early.
  it('expires no earlier than it says', async () => {
    await answers.claim('virustotal', '8.8.8.8', NOW_MS + 1, NOW_MS + 2);
    await answers.keep('virustotal', '8.8.8.8', { ...kept, answeredAtMs: NOW_MS + 1 });

    expect(
      dynamodb
        .commandCalls(UpdateCommand)
        .map(({ args }) => args[0].input.ExpressionAttributeValues?.[':expires_at']),
    ).toEqual([1_790_000_001 + 86_400, 1_790_000_001 + 8 * 86_400]);
  });

  it('gives up on a request after a second, and says what it could not do', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    dynamodb.onAnyCommand().rejects(throttled);

    await expect(answers.claim('abuseipdb', '8.8.8.8', NOW_MS, NOW_MS + 1)).rejects.toThrow(
      'could not claim a look-up: ThrottlingException: no',
    );
    await expect(answers.keep('abuseipdb', '8.8.8.8', kept)).rejects.toThrow(
      'could not cache an answer: ThrottlingException: no',
    );
    expect(timeout.mock.calls).toEqual([[1_000], [1_000]]);
  });

  it('reads eight hundred addresses at a time', async () => {
    const waiting: (() => void)[] = [];
    dynamodb.on(BatchGetCommand).callsFake(() => new Promise((resolve) => waiting.push(() => resolve({}))));
    const addresses = Array.from({ length: 1_000 }, (_, n) => `23.1.${n >> 8}.${n & 255}`);

    const reading = answers.read(addresses, Date.now() + 60_000);
    await vi.waitFor(() => expect(waiting).toHaveLength(8));
    await new Promise(setImmediate);
    expect(waiting).toHaveLength(8);
    for (let n = 0; n < 10; n++) {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(n));
      waiting[n]?.();
    }

    expect(await reading).toEqual(new Map(addresses.map((address) => [address, {}])));
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

    const read = await answers.read(addresses, Date.now() + 1_000);

    // The first hundred were never looked up, so not even a negative answer is stored.
    expect([...read.keys()]).toEqual(['8.8.8.8', ...addresses.slice(100)]);
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

  it('reads back what was written', async () => {
    const state = { counts: [{ '1': 2 }] };
    const item = {
      pk: 'quota#virustotal',
      sk: 'calls#',
      schema: 4,
      state: JSON.stringify(state),
      revision: 3,
    };
    dynamodb.on(GetCommand).resolves({ Item: item });

    expect(await quota.read('virustotal')).toEqual({ state, revision: 3 });
  });

  it.each([
    ['of another version', { schema: 5 }],
    ['that is no state', { state: '{"calls":[]}' }],
    ['that is no JSON', { state: '{' }],
    ['without a revision', { revision: undefined }],
  ])('allows no call where it finds an item %s', async (_, damage) => {
    const item = { pk: 'quota#virustotal', sk: 'calls#', schema: 4, state: '{"counts":[]}', revision: 3 };
    dynamodb.on(GetCommand).resolves({ Item: { ...item, ...damage } });

    await expect(quota.read('virustotal')).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'refused',
      message: 'could not read the quota: its format is unknown',
    });
  });

  it('stays for thirty days after it was written', async () => {
    vi.useFakeTimers({ now: NOW_MS + 1, toFake: ['Date'] });

    await quota.replace('virustotal', { counts: [] }, 1);

    expect(dynamodb).toHaveReceivedCommandWith(PutCommand, {
      Item: expect.objectContaining({ revision: 2, expires_at: 1_790_000_001 + 30 * 86_400 }),
    });
  });

  it('passes on what else goes wrong', async () => {
    dynamodb.onAnyCommand().rejects(throttled);

    await expect(quota.read('virustotal')).rejects.toMatchObject({
      code: 'throttled',
      message: 'could not read the quota: ThrottlingException: no',
    });
    await expect(quota.replace('virustotal', { counts: [] }, 1)).rejects.toMatchObject({
      code: 'throttled',
      message: 'could not write the quota: ThrottlingException: no',
    });
  });

  it('gives up on a request after a second: no verdict waits longer', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');

    await quota.read('virustotal');
    await quota.replace('virustotal', { counts: [] }, 1);

    expect(timeout.mock.calls).toEqual([[1_000], [1_000]]);
  });
});
