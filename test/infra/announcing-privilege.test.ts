import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAnnouncement } from '../../lib/announcement/announcement.ts';
import { arnOf } from '../../lib/local/account.ts';
import { ExecutionEnvironment } from '../../lib/local/runtime/execution-environment.ts';
import { functionEnvironment } from '../../lib/local/runtime/function-environment.ts';
import { replaceAnnounced } from '../../lib/store/announced.ts';
import { replaceFinding } from '../../lib/store/findings.ts';
import { readOutbox } from '../../lib/store/outbox.ts';
import { findingAnnouncement } from '../factories/announcements.ts';
import { collect } from '../factories/iterables.ts';
import { DEPLOYED } from '../fixtures/deployed-service.ts';
import { type AuthorizationRequest, decide, functionRole } from '../fixtures/infra/authorization.ts';
import { RecordedCalls } from '../fixtures/infra/recorded-calls.ts';
import { type FaultProxy, startFaultProxy } from '../fixtures/local/fault-proxy.ts';
import { type ScoringService, startScoringService } from '../fixtures/service/scoring-service.ts';

const { definition } = DEPLOYED;
const consumer = definition.consumers.find(({ function: each }) => each.name.includes('AnnounceFindings'));
const TABLE = arnOf('dynamodb', `table/${definition.table.name}`);
const [bus = ''] = definition.watch.buses;
const PATIENCE = { deadlineMs: Date.now() + 60_000 };
const HOUR_MS = 3_600_000;

const role = functionRole('AnnouncementsAnnounceFindings');
let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService();
});

afterAll(async () => await service?.stop());

/** Runs the deployed function, and returns its API calls. */
async function run(): Promise<AuthorizationRequest[]> {
  if (consumer === undefined) throw new Error('nobody announces');
  const calls = new RecordedCalls();
  const variables = functionEnvironment(consumer.function, service.stack.environment, () => '');
  const proxies: FaultProxy[] = [];
  for (const name of ['dynamodb', 'eventbridge'] as const) {
    const key = `AWS_ENDPOINT_URL_${name.toUpperCase()}`;
    const proxy = await startFaultProxy({ target: variables[key] ?? '', intercept: calls.recorder(name) });
    proxies.push(proxy);
    variables[key] = proxy.endpoint;
  }
  const environment = await ExecutionEnvironment.start({
    bundlePath: consumer.bundlePath,
    functionName: consumer.function.name,
    functionArn: arnOf('lambda', `function:${consumer.function.name}`),
    memoryMegabytes: consumer.function.memoryMegabytes,
    timeoutSeconds: consumer.function.timeoutSeconds,
    variables,
    onLogLine: () => {},
  });
  try {
    expect(await environment.invoke('{"Records":[]}')).toMatchObject({ status: 'returned' });
  } finally {
    await environment.stop();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
  return calls.requests;
}

describe('the announcing function', () => {
  it('may make every call that it makes', async () => {
    const nowMs = Date.now();
    const expiresAt = Math.ceil(nowMs / 1000) + 86_400;
    const announcement = findingAnnouncement({ decidedAtMs: nowMs });
    const pending = [{ uid: announcement.uid, decidedAtMs: nowMs, text: writeAnnouncement(announcement) }];
    const { address } = announcement;
    await replaceAnnounced(
      service.table,
      { subject: address, decided: '{}', pending, expiresAt, revision: 0 },
      PATIENCE,
    );
    const knock = {
      address: '203.0.113.99',
      day: new Date(nowMs).toISOString().slice(0, 10),
      direction: 'inbound',
      ingestedAtMs: nowMs - 2 * HOUR_MS,
      expiresAt,
      score: 0.8,
      reasons: ['malicious'],
      hasIntelligence: false,
      assessment: '203.0.113.99/ABCDEFGHIJKLMNOPQRSTUV/22/tcp/inbound',
      firstSeenMs: nowMs,
      lastSeenMs: nowMs,
      connections: 12,
      answered: 0,
      localHosts: [],
      services: [],
      announced: [],
      revision: 0,
    } as const;
    await replaceFinding(service.table, knock, PATIENCE);

    const requests = await run();

    expect([...new Set(requests.map(({ action }) => action))].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'events:PutEvents',
    ]);
    for (const request of requests) {
      expect(await decide(role, request), JSON.stringify(request)).toBe('Allowed');
    }
    expect(await collect(readOutbox(service.table))).toEqual([]);
  });

  // Source: AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping".
  it.each(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])(
    'may do what Lambda does in its name: %s',
    async (operation) => {
      const resource = arnOf('sqs', consumer?.eventSource.queue ?? '');

      expect(await decide(role, { action: `sqs:${operation}`, resource })).toBe('Allowed');
    },
  );

  const keys = (...values: string[]) => ({ 'dynamodb:LeadingKeys': values });

  it.each<AuthorizationRequest>([
    { action: 'events:PutEvents', resource: arnOf('events', 'event-bus/default') },
    { action: 'events:PutRule', resource: arnOf('events', `rule/${bus}/any`) },
    { action: 'events:DeleteEventBus', resource: arnOf('events', `event-bus/${bus}`) },
    { action: 'dynamodb:PutItem', resource: TABLE, context: keys('address#203.0.113.1#0') },
    { action: 'dynamodb:PutItem', resource: TABLE, context: keys('finding#203.0.113.1') },
    { action: 'dynamodb:PutItem', resource: TABLE, context: keys('allowlist') },
    { action: 'dynamodb:PutItem', resource: TABLE, context: keys('label#203.0.113.1') },
    { action: 'dynamodb:BatchGetItem', resource: TABLE, context: keys('address#203.0.113.1#0') },
    { action: 'dynamodb:DeleteItem', resource: TABLE, context: keys('announced#203.0.113.1') },
    { action: 'dynamodb:Query', resource: TABLE, context: keys('announced#203.0.113.1') },
    { action: 'dynamodb:Query', resource: `${TABLE}/index/by-time`, context: keys('summary#2026-11-27#0') },
    { action: 'dynamodb:Scan', resource: TABLE },
    { action: 'sqs:SendMessage', resource: arnOf('sqs', definition.queues.work.name) },
    { action: 'sqs:ReceiveMessage', resource: arnOf('sqs', definition.queues.work.name) },
    { action: 'ssm:PutParameter', resource: arnOf('ssm', `parameter${definition.settingsParameter}`) },
    { action: 'secretsmanager:GetSecretValue', resource: '*' },
    { action: 'sns:Publish', resource: '*' },
  ])('may not $action on $resource', async (request) => {
    expect(await decide(role, request)).toBe('ImplicitlyDenied');
  });
});
