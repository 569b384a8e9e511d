import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putKey } from '../../../lib/intelligence/keys/key-parameters.ts';
import { keysPath } from '../../../lib/intelligence/keys/keys-path.ts';
import { rangeText } from '../../../lib/intelligence/lists/address-range.ts';
import { unpackRanges } from '../../../lib/intelligence/lists/packed-ranges.ts';
import { arnOf } from '../../../lib/local/account.ts';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { createFeedStore, readFeedStates } from '../../../lib/store/feed-store.ts';
import { loadList, readLists } from '../../../lib/store/list-store.ts';
import type { TableAccess } from '../../../lib/store/table-access.ts';
import { buildFeed } from '../../factories/feeds.ts';
import { DEPLOYED, feedFunction, withFeedVariables } from '../../fixtures/deployed-service.ts';
import { type FeedServer, list, PAGE, startFeedServer, status } from '../../fixtures/feeds/feed-server.ts';
import {
  type AuthorizationRequest,
  actionsAllowedBy,
  decide,
  functionRole,
} from '../../fixtures/infra/authorization.ts';
import { RecordedCalls } from '../../fixtures/infra/recorded-calls.ts';
import { type FaultProxy, internalServerError, startFaultProxy } from '../../fixtures/local/fault-proxy.ts';

const HOUR_MS = 3_600_000;
const HOME = '198.51.100.0/24';
const ALARM = 'threat-consensus-dev-feeds-failing';
const ATTACKERS = Array.from({ length: 200 }, (_, n) => `203.0.113.${n}`).join('\n');
const { definition } = DEPLOYED;

let publisher: FeedServer;
let stack: LocalStack;
let table: TableAccess;
let nowMs = Date.now();
let isTableDown = false;
const calls = new RecordedCalls();
const proxies: FaultProxy[] = [];
const logLines: string[] = [];

/** The deployed function, with feeds served on this machine, behind proxies that record its calls. */
beforeAll(async () => {
  publisher = await startFeedServer();
  const feed = (name: string, changes: object = {}) =>
    buildFeed({ name, url: `${publisher.url}/${name}`, everyHours: 1, ...changes });
  const own = [
    feed('attackers', { kind: 'malicious', weight: 100 }),
    feed('broken'),
    feed('poisoned', { everyHours: 24 }),
    feed('keyed', { keyOf: 'abuseipdb', format: 'json', at: 'data', everyHours: 24 }),
  ];
  for (const name of ['dynamodb', 'ssm'] as const) {
    const record = calls.recorder(name);
    const proxy = await startFaultProxy({
      get target() {
        return stack.environment[`AWS_ENDPOINT_URL_${name.toUpperCase()}`] ?? '';
      },
      intercept: (...call) =>
        record(...call) ?? (name === 'dynamodb' && isTableDown ? internalServerError() : undefined),
    });
    proxies.push(proxy);
  }
  stack = await startLocalStack({
    definition: withFeedVariables(definition, {
      FEEDS: JSON.stringify({ catalogue: false, own }),
      HOME_NETWORKS: HOME,
      AWS_ENDPOINT_URL_DYNAMODB: proxies[0]?.endpoint ?? '',
      AWS_ENDPOINT_URL_SSM: proxies[1]?.endpoint ?? '',
    }),
    bundlePath: DEPLOYED.bundlePath,
    clock: () => nowMs,
    onLogLine: (line) => logLines.push(line),
  });
  table = { client: DynamoDBDocumentClient.from(stack.clients.dynamodb), tableName: stack.names.tableName };
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await publisher?.close();
});

/** Runs the schedule, and lets alarms evaluate the hour after it. */
async function passHour(): Promise<void> {
  nowMs += HOUR_MS;
  await stack.evaluateAlarms();
}

async function rangesOf(source: string): Promise<string[] | undefined> {
  const found = (await readLists(table, Date.now())).find((each) => each.source === source);
  const chunks = found && (await loadList(table, found));
  return chunks && [...unpackRanges(chunks).ranges()].map(rangeText);
}

describe('the function that refreshes feeds', () => {
  it('fetches what is due, by its schedule, and believes no list about home, resolvers or everything', async () => {
    publisher.plays('/attackers', list(ATTACKERS));
    publisher.plays('/broken', list('203.0.113.250\n'));
    publisher.plays('/poisoned', list(`${HOME}\n8.8.8.8\n0.0.0.0/0\n10.0.0.0/8\n::/0\n203.0.113.251\n`));

    await passHour();

    expect(await rangesOf('attackers')).toEqual(['203.0.113.0-203.0.113.199']);
    expect(await rangesOf('broken')).toEqual(['203.0.113.250']);
    expect(await rangesOf('poisoned')).toEqual(['203.0.113.251']);
    expect((await readFeedStates(table)).get('poisoned')?.good?.dropped).toEqual({
      home: 1,
      private: 1,
      resolver: 1,
      'too-large': 2,
    });
    expect((await readFeedStates(table)).get('keyed')?.problem?.kind).toBe('key-missing');
    expect(stack.alarmState(ALARM)).toBe('OK');
  });

  it('keeps the last good list where the next is none, and sets one alarm off', async () => {
    publisher.plays('/broken', list(PAGE));
    // The function uses the system's clock, on which no hour has passed.
    await forgetTries('broken');

    await passHour();
    await passHour();

    expect(await rangesOf('broken')).toEqual(['203.0.113.250']);
    expect((await readFeedStates(table)).get('broken')).toMatchObject({
      failures: 1,
      problem: { kind: 'web-page', detail: 'a web page, not a list' },
      good: { entries: 1 },
    });
    expect(stack.alarmState(ALARM)).toBe('ALARM');
    expect(stack.notifications.filter(({ subject }) => subject.includes('feeds-failing'))).toHaveLength(1);
  });

  it('fetches a list with the key that is stored, and prints the key nowhere', async () => {
    await putKey(stack.clients.ssm, keysPath('dev'), 'abuseipdb', 'very-secret');
    publisher.plays('/keyed', list('{"data":[{"ipAddress":"203.0.113.252"}]}', { type: 'application/json' }));

    await passHour();

    expect(await rangesOf('keyed')).toEqual(['203.0.113.252']);
    expect(publisher.requests.at(-1)?.headers.key).toBe('very-secret');
    expect(logLines.join('\n')).not.toContain('very-secret');
  });

  it('ends the alarm when the feed is good again', async () => {
    publisher.plays('/broken', list('203.0.113.250\n203.0.113.253\n'));
    await forgetTries('broken');

    for (let hours = 0; hours < 4; hours++) await passHour();

    expect(await rangesOf('broken')).toEqual(['203.0.113.250', '203.0.113.253']);
    expect(stack.alarmState(ALARM)).toBe('OK');
  });

  it('counts a run that ends in a fault of the table', async () => {
    publisher.plays('/broken', status(500));
    await forgetTries('broken');
    isTableDown = true;

    await passHour();
    await passHour();

    expect(stack.alarmState(ALARM)).toBe('ALARM');
  });

  it('may make every call that it makes', async () => {
    const role = functionRole('RefreshFeedsFunction');
    const { requests } = calls;
    const decisions = await Promise.all(requests.map((request) => decide(role, request)));

    expect([...new Set(requests.map(({ action }) => action))].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'ssm:GetParameter',
    ]);
    expect(new Set(decisions)).toEqual(new Set(['Allowed']));
    const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    expect(actionsAllowedBy(role)).toEqual(
      [...new Set([...requests.map(({ action }) => action), ...logs])].sort(),
    );
  });

  const TABLE = arnOf('dynamodb', `table/${definition.table.name}`);
  const items = (key: string) => ({ 'dynamodb:LeadingKeys': [key] });

  it.each<AuthorizationRequest>([
    ...[
      'address#203.0.113.1#0',
      'label#203.0.113.1',
      'intel#203.0.113.1',
      'quota#abuseipdb',
      'unit#1',
    ].flatMap((key) =>
      ['GetItem', 'BatchGetItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'].map((operation) => ({
        action: `dynamodb:${operation}`,
        resource: TABLE,
        context: items(key),
      })),
    ),
    { action: 'dynamodb:GetItem', resource: TABLE },
    { action: 'dynamodb:Scan', resource: TABLE },
    { action: 'dynamodb:Query', resource: TABLE, context: items('lists') },
    { action: 'dynamodb:DeleteTable', resource: TABLE },
    { action: 'ssm:GetParameter', resource: arnOf('ssm', `parameter${keysPath('dev')}/virustotal`) },
    { action: 'ssm:GetParameter', resource: arnOf('ssm', `parameter${keysPath('prod')}/abuseipdb`) },
    { action: 'ssm:PutParameter', resource: arnOf('ssm', `parameter${keysPath('dev')}/abuseipdb`) },
    { action: 'sqs:SendMessage', resource: arnOf('sqs', definition.queues.work.name) },
    { action: 'lambda:InvokeFunction', resource: arnOf('lambda', `function:${feedFunction().name}`) },
  ])('may not $action on $resource $context', async (request) => {
    expect(await decide(functionRole('RefreshFeedsFunction'), request)).toBe('ImplicitlyDenied');
  });
});

/** Makes a feed due by dating its last attempt back. */
async function forgetTries(name: string): Promise<void> {
  const store = createFeedStore(table);
  const state = (await store.states()).get(name);
  if (state !== undefined)
    await store.putState(name, { ...state, lastTryMs: state.lastTryMs - 24 * HOUR_MS });
}
