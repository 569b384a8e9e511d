import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandsFor } from '../../lib/cli/program.ts';
import { CHECKS } from '../../lib/cli/use/doctor/checks.ts';
import { putKey } from '../../lib/intelligence/keys/key-parameters.ts';
import { keyParameter, keysPath } from '../../lib/intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES } from '../../lib/intelligence/providers/provider.ts';
import { arnOf } from '../../lib/local/account.ts';
import {
  type SimulatedProviders,
  startSimulatedProviders,
} from '../../lib/local/emulators/simulated-providers.ts';
import {
  ExecutionEnvironment,
  type InvocationOutcome,
} from '../../lib/local/runtime/execution-environment.ts';
import { functionEnvironment } from '../../lib/local/runtime/function-environment.ts';
import { buildFeed } from '../factories/feeds.ts';
import { type Call, callWith, jsonLines, type Variables, variablesOf } from '../fixtures/cli/calls.ts';
import { DEPLOYED, rollbackFunction } from '../fixtures/deployed-service.ts';
import {
  type AuthorizationRequest,
  actionsAllowedBy,
  decide,
  functionRole,
  managedPolicy,
  type Principal,
} from '../fixtures/infra/authorization.ts';
import { RecordedCalls, type RecordedService } from '../fixtures/infra/recorded-calls.ts';
import { type FaultProxy, startFaultProxy } from '../fixtures/local/fault-proxy.ts';
import { SAMPLE_FILE } from '../fixtures/sample/generate.ts';
import { connectionsTo, ndjson } from '../fixtures/service/connections.ts';
import {
  EVENTUALLY,
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../fixtures/service/scoring-service.ts';
import { refuseNetwork } from '../fixtures/service/service-faults.ts';

const { definition } = DEPLOYED;
const { table, queues, settingsParameter, initialSettings } = definition;
const TABLE = arnOf('dynamodb', `table/${table.name}`);
const WORK = arnOf('sqs', queues.work.name);
const REJECTED = arnOf('sqs', queues.rejected.name);
const DEAD_LETTER = arnOf('sqs', queues.deadLetter.name);
const ROLLBACK_FAILURES = arnOf('sqs', definition.watch.rollbackFailures ?? '');
const SETTINGS = arnOf('ssm', `parameter${settingsParameter}`);
const INITIAL = arnOf('ssm', `parameter${initialSettings.name}`);
const KEY = arnOf('ssm', `parameter${keyParameter(keysPath('dev'), 'virustotal')}`);
const LABEL = { 'dynamodb:LeadingKeys': ['label#203.0.113.1'] };
const LIST_PART = { 'dynamodb:LeadingKeys': ['list#proof#1#0'] };
const QUOTA = { 'dynamodb:LeadingKeys': ['quota#virustotal'] };
const KEPT_ANSWER = { 'dynamodb:LeadingKeys': ['intel#203.0.113.1'] };
const SUMMARY = { 'dynamodb:LeadingKeys': ['unit#o80v-vW1xZga8LOLR8e7k2'] };
const ASSESSMENT = { 'dynamodb:LeadingKeys': ['address#203.0.113.1#0'] };

async function decisions(principal: Principal, requests: readonly AuthorizationRequest[]) {
  return await Promise.all(
    requests.map(
      async (request) => `${request.action} ${request.resource}: ${await decide(principal, request)}`,
    ),
  );
}

const all = (requests: readonly AuthorizationRequest[], decision: string) =>
  requests.map(({ action, resource }) => `${action} ${resource}: ${decision}`);

const actionsOf = (requests: readonly AuthorizationRequest[]) =>
  [...new Set(requests.map(({ action }) => action))].sort();

/** An offline list set. */
const FOLDER = mkdtempSync(join(tmpdir(), 'least-privilege-'));
const LIST = join(FOLDER, 'list.txt');
writeFileSync(LIST, '203.0.113.7\n203.0.113.8\n');

/** A feed selection with a list that needs no download. */
const FEEDS = join(FOLDER, 'feeds.json');
writeFileSync(
  FEEDS,
  JSON.stringify({
    catalogue: false,
    own: [buildFeed({ name: 'Ours', url: undefined, plainHttp: undefined, entries: ['203.0.113.9'] })],
  }),
);

/** Actions that no user of the service may perform. */
const NEVER: readonly AuthorizationRequest[] = [
  { action: 'dynamodb:DeleteTable', resource: TABLE },
  { action: 'dynamodb:UpdateTable', resource: TABLE },
  { action: 'dynamodb:UpdateTimeToLive', resource: TABLE },
  { action: 'dynamodb:DeleteItem', resource: TABLE },
  { action: 'dynamodb:PutItem', resource: TABLE, context: ASSESSMENT },
  { action: 'dynamodb:BatchWriteItem', resource: arnOf('dynamodb', 'table/another') },
  { action: 'dynamodb:Query', resource: arnOf('dynamodb', 'table/another') },
  { action: 'dynamodb:Scan', resource: TABLE },
  { action: 'sqs:PurgeQueue', resource: WORK },
  { action: 'sqs:PurgeQueue', resource: REJECTED },
  { action: 'sqs:DeleteQueue', resource: DEAD_LETTER },
  { action: 'sqs:SetQueueAttributes', resource: WORK },
  { action: 'sqs:SendMessage', resource: arnOf('sqs', 'another') },
  { action: 'ssm:PutParameter', resource: INITIAL },
  { action: 'ssm:DeleteParameter', resource: INITIAL },
  { action: 'ssm:GetParameters', resource: arnOf('ssm', 'parameter/another/settings') },
  { action: 'ssm:GetParameters', resource: arnOf('ssm', 'parameter/threat-consensus/prod/settings') },
  { action: 'ssm:PutParameter', resource: arnOf('ssm', 'parameter/threat-consensus/prod/settings') },
  { action: 'ssm:DeleteParameter', resource: arnOf('ssm', 'parameter/threat-consensus/prod/settings') },
  { action: 'lambda:UpdateFunctionCode', resource: arnOf('lambda', `function:${definition.function.name}`) },
  { action: 'lambda:InvokeFunction', resource: arnOf('lambda', `function:${definition.function.name}`) },
  { action: 'dynamodb:ListTables', resource: '*' },
  { action: 'sqs:ListQueues', resource: '*' },
  { action: 'ssm:DescribeParameters', resource: '*' },
  { action: 'cloudwatch:PutMetricData', resource: '*' },
  { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:000000000000:key/another' },
  { action: 'iam:PassRole', resource: 'arn:aws:iam::000000000000:role/caller' },
  { action: 'cloudformation:DeleteStack', resource: stackArn('ThreatConsensus-dev-Scoring') },
];

function stackArn(name: string): string {
  return `arn:aws:cloudformation:us-east-1:000000000000:stack/${name}/6f2ddd60-0000-11f0-0000-0e0000000000`;
}

let service: ScoringService;
let providers: SimulatedProviders;
const functionCalls = new RecordedCalls();

beforeAll(async () => {
  providers = await startSimulatedProviders({ latencyMs: 0 });
  const { baseUrl } = providers;
  service = await startScoringService({
    // With less time than usual, nothing would be looked up.
    definition: impatientScoring({ function: { timeoutSeconds: definition.function.timeoutSeconds } }),
    functionEnvironment: { VIRUSTOTAL_URL: baseUrl, ABUSEIPDB_URL: baseUrl },
    prepare: async ({ ssm }) => {
      for (const provider of PROVIDER_NAMES) await putKey(ssm, keysPath('dev'), provider, 'made-up');
    },
  });
  for (const name of ['dynamodb', 'sqs', 'ssm'] as const) service.faults[name] = functionCalls.recorder(name);
  await service.push(readFileSync(SAMPLE_FILE, 'utf8'));
  await service.drained();
  // The provider keys may have been loaded too late for the first message.
  await service.push(ndjson(connectionsTo('203.0.113', 3)));
  await service.drained();
  await giveUpOne();
});

/** Makes the function count attempts on a message, and give it up. */
async function giveUpOne(): Promise<void> {
  const refuse = refuseNetwork('198.18.9');
  const record = functionCalls.recorder('dynamodb');
  service.faults.dynamodb = (...call) => {
    record(...call);
    return refuse(...call);
  };
  await service.push(ndjson(connectionsTo('198.18.9', 1)));
  await vi.waitFor(async () => expect(await service.deadLetters()).toHaveLength(1), EVENTUALLY);
  service.faults.dynamodb = record;
}

afterAll(async () => {
  await service?.stop();
  await providers?.close();
});

describe('the scoring function', () => {
  const role = functionRole('ScoreConnections');

  it('may make every call that it makes', async () => {
    const { requests } = functionCalls;

    expect(actionsOf(requests)).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'sqs:SendMessage',
      'ssm:GetParameters',
    ]);
    expect(requests).toContainEqual({ action: 'ssm:GetParameters', resource: SETTINGS });
    expect(requests).toContainEqual({ action: 'ssm:GetParameters', resource: INITIAL });
    expect(await decisions(role, requests)).toEqual(all(requests, 'Allowed'));
  });

  // Source: AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping".
  it.each<AuthorizationRequest>([
    { action: 'sqs:ReceiveMessage', resource: WORK },
    { action: 'sqs:DeleteMessage', resource: WORK },
    { action: 'sqs:GetQueueAttributes', resource: WORK },
    { action: 'logs:CreateLogStream', resource: logStream() },
    { action: 'logs:PutLogEvents', resource: logStream() },
  ])('may do what Lambda does in its name: $action', async (request) => {
    expect(await decide(role, request)).toBe('Allowed');
  });

  it.each<AuthorizationRequest>([
    ...NEVER,
    { action: 'dynamodb:Query', resource: TABLE },
    ...['PutItem', 'UpdateItem', 'BatchWriteItem', 'GetItem', 'BatchGetItem'].map((operation) => ({
      action: `dynamodb:${operation}`,
      resource: TABLE,
      context: LABEL,
    })),
    ...[LIST_PART, QUOTA, KEPT_ANSWER].map((context) => ({
      action: 'dynamodb:BatchWriteItem',
      resource: TABLE,
      context,
    })),
    // Permission for one item does not extend to others in the same call.
    {
      action: 'dynamodb:BatchWriteItem',
      resource: TABLE,
      context: { 'dynamodb:LeadingKeys': ['address#203.0.113.1#0', 'label#203.0.113.1'] },
    },
    { action: 'dynamodb:BatchWriteItem', resource: TABLE },
    { action: 'dynamodb:PutItem', resource: TABLE, context: LIST_PART },
    { action: 'dynamodb:UpdateItem', resource: TABLE, context: LIST_PART },
    { action: 'dynamodb:GetItem', resource: TABLE, context: ASSESSMENT },
    { action: 'dynamodb:BatchGetItem', resource: TABLE, context: ASSESSMENT },
    { action: 'sqs:SendMessage', resource: WORK },
    { action: 'sqs:ReceiveMessage', resource: REJECTED },
    { action: 'sqs:ReceiveMessage', resource: DEAD_LETTER },
    { action: 'sqs:SendMessage', resource: ROLLBACK_FAILURES },
    { action: 'ssm:PutParameter', resource: SETTINGS },
    { action: 'ssm:DeleteParameter', resource: SETTINGS },
    { action: 'ssm:PutParameter', resource: KEY },
    { action: 'ssm:GetParametersByPath', resource: arnOf('ssm', `parameter${keysPath('dev')}`) },
    { action: 'dynamodb:UpdateItem', resource: TABLE, context: ASSESSMENT },
    { action: 'logs:CreateLogGroup', resource: 'arn:aws:logs:us-east-1:000000000000:log-group:another:*' },
    { action: 'logs:DeleteLogGroup', resource: logStream() },
  ])('may not $action on $resource', async (request) => {
    expect(await decide(role, request)).toBe('ImplicitlyDenied');
  });

  it('may not send to the rejected queue without TLS', async () => {
    const plain = {
      action: 'sqs:SendMessage',
      resource: REJECTED,
      context: { 'aws:SecureTransport': 'false' },
    };

    expect(await decide(role, plain)).toBe('ExplicitlyDenied');
  });

  function logStream(): string {
    return 'arn:aws:logs:us-east-1:000000000000:log-group:ThreatConsensus-dev-Scoring-ScoreConnectionsLogs90B59DBA:log-stream:s';
  }
});

describe('the rollback function', () => {
  const role = functionRole('RollbackRollBackCutoverFunction');
  const { rules } = definition.watch;
  const target = rollbackFunction();
  const [topic = ''] = definition.watch.topics;
  const calls = new RecordedCalls();

  /** Runs the deployed function. */
  async function runFor(event: object): Promise<InvocationOutcome> {
    const variables = functionEnvironment(target, service.stack.environment, () => '');
    const proxies: FaultProxy[] = [];
    for (const name of ['cloudwatch', 'sns', 'ssm'] as const) {
      const key = `AWS_ENDPOINT_URL_${name.toUpperCase()}`;
      const proxy = await startFaultProxy({ target: variables[key] ?? '', intercept: calls.recorder(name) });
      proxies.push(proxy);
      variables[key] = proxy.endpoint;
    }
    const environment = await ExecutionEnvironment.start({
      bundlePath: target.bundlePath,
      functionName: target.name,
      functionArn: arnOf('lambda', `function:${target.name}`),
      memoryMegabytes: target.memoryMegabytes,
      timeoutSeconds: target.timeoutSeconds,
      variables,
      onLogLine: () => {},
    });
    try {
      return await environment.invoke(JSON.stringify(event));
    } finally {
      await environment.stop();
      await Promise.all(proxies.map((proxy) => proxy.close()));
    }
  }

  it('may make every call that it makes', async () => {
    const { ssm } = service.stack.clients;
    const Name = settingsParameter;
    const before = { Name, Value: '{"mode":"consensus"}', Overwrite: true, Type: 'String' } as const;
    await ssm.send(new DeleteParameterCommand({ Name }));
    // Without the operator's settings it reads the initial ones; invoked by the alarm it rolls back.
    const state = { value: 'ALARM', timestamp: new Date(Date.now() + 60_000).toISOString() };
    const look = await runFor({ id: 'look', 'detail-type': 'Scheduled Event' });
    await ssm.send(new PutParameterCommand(before));
    const outcomes = [
      look,
      await runFor({
        id: 'alarm',
        'detail-type': 'CloudWatch Alarm State Change',
        detail: { alarmName: 'alarm', state },
      }),
    ];
    await ssm.send(new PutParameterCommand(before));

    expect(outcomes.map(({ status }) => status)).toEqual(['returned', 'returned']);
    const { requests } = calls;
    expect(actionsOf(requests)).toEqual([
      'cloudwatch:DescribeAlarms',
      'sns:Publish',
      'ssm:GetParameterHistory',
      'ssm:GetParameters',
      'ssm:PutParameter',
    ]);
    expect(await decisions(role, requests)).toEqual(all(requests, 'Allowed'));
  });

  // Source: SNS Developer Guide, "Key management": the key permissions that publishers to an encrypted topic need.
  it.each<AuthorizationRequest>([
    { action: 'kms:Decrypt', resource: topicKey() },
    { action: 'kms:GenerateDataKey', resource: topicKey() },
    { action: 'sqs:SendMessage', resource: arnOf('sqs', target.failures.name) },
    { action: 'logs:PutLogEvents', resource: `${logGroup()}:log-stream:s` },
  ])('may do what others do in its name: $action', async (request) => {
    expect(await decide(role, request)).toBe('Allowed');
  });

  it.each<AuthorizationRequest>([
    ...NEVER,
    { action: 'dynamodb:Query', resource: TABLE },
    { action: 'dynamodb:BatchWriteItem', resource: TABLE },
    { action: 'dynamodb:PutItem', resource: TABLE, context: LABEL },
    { action: 'sqs:SendMessage', resource: WORK },
    { action: 'sqs:SendMessage', resource: REJECTED },
    { action: 'sqs:ReceiveMessage', resource: WORK },
    { action: 'sqs:ReceiveMessage', resource: arnOf('sqs', target.failures.name) },
    { action: 'sns:Publish', resource: `${topic}-other` },
    { action: 'sns:Subscribe', resource: topic },
    { action: 'sns:SetTopicAttributes', resource: topic },
    { action: 'cloudwatch:SetAlarmState', resource: arnOf('cloudwatch', 'alarm:any') },
    { action: 'cloudwatch:DisableAlarmActions', resource: arnOf('cloudwatch', 'alarm:any') },
    ...rules.map(({ name }) => ({ action: 'events:DisableRule', resource: arnOf('events', `rule/${name}`) })),
    { action: 'cloudwatch:PutMetricAlarm', resource: arnOf('cloudwatch', 'alarm:any') },
    { action: 'ssm:GetParameter', resource: SETTINGS },
    { action: 'ssm:DeleteParameter', resource: SETTINGS },
    { action: 'ssm:DeleteParameters', resource: SETTINGS },
    { action: 'ssm:LabelParameterVersion', resource: SETTINGS },
    { action: 'kms:Encrypt', resource: topicKey() },
  ])('may not $action on $resource', async (request) => {
    expect(await decide(role, request)).toBe('ImplicitlyDenied');
  });

  function topicKey(): string {
    return 'arn:aws:kms:us-east-1:000000000000:key/ThreatConsensus-dev-Monitoring-AlarmsKey3C2381B3';
  }

  function logGroup(): string {
    return 'arn:aws:logs:us-east-1:000000000000:log-group:ThreatConsensus-dev-Monitoring-RollbackRollBackCutoverLogsF736DCE0';
  }
});

/** The command line, with its calls to the embedded stack recorded. */
class RecordedCommands {
  readonly calls = new RecordedCalls();
  readonly #proxies: FaultProxy[] = [];
  #variables: Variables = {};

  async start(): Promise<void> {
    const variables: Record<string, string> = { ...variablesOf(service.stack) };
    for (const name of [
      'cloudwatch',
      'dynamodb',
      'lambda',
      'sns',
      'sqs',
      'ssm',
    ] as const satisfies readonly RecordedService[]) {
      const key = `AWS_ENDPOINT_URL_${name.toUpperCase()}`;
      const target = variables[key] ?? '';
      const proxy = await startFaultProxy({ target, intercept: this.calls.recorder(name) });
      this.#proxies.push(proxy);
      for (const [variable, value] of Object.entries(variables)) {
        variables[variable] = value.replace(target, proxy.endpoint);
      }
    }
    this.#variables = variables;
  }

  /** @param input standard input */
  callWith(input?: string): Call {
    return callWith(this.#variables, input);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }
}

type Role = 'producer' | 'analyst' | 'operator' | 'eraser';

const READERS: readonly Role[] = ['analyst', 'operator'];

interface CommandUse {
  readonly command: string;
  /** The roles that can run the command. */
  readonly roles: readonly Role[];
  /** By default the command without arguments, successfully. */
  readonly use?: (call: Call) => Promise<void>;
  readonly input?: string;
}

/** Every command, in an order that gives each something to do. */
const COMMANDS: readonly CommandUse[] = [
  {
    command: 'push',
    roles: ['producer'],
    use: async (call) => await succeeding(call, 'push', SAMPLE_FILE),
  },
  {
    command: 'put',
    roles: ['producer'],
    use: async (call) => {
      await succeeding(call, 'put', SAMPLE_FILE, '--key', 'sample.ndjson');
      await succeeding(call, 'put', import.meta.filename, '--key', 'no.log');
    },
  },
  {
    command: 'ingest list',
    roles: READERS,
    use: async (call) => {
      await vi.waitFor(async () => {
        const { stdout } = await call('ingest', 'list', '--json');
        const objects = jsonLines(stdout);
        expect(objects.map(({ state }) => state).sort()).toEqual(['done', 'failed']);
      }, EVENTUALLY);
    },
  },
  {
    command: 'ingest show',
    roles: READERS,
    use: async (call) => {
      const { stdout } = await call('ingest', 'list', '--json');
      const [object] = jsonLines(stdout);
      await succeeding(call, 'ingest', 'show', String(object?.id));
    },
  },
  { command: 'ingest retry', roles: ['operator'] },
  { command: 'stats', roles: READERS },
  {
    command: 'assessments',
    roles: READERS,
    use: async (call) => await succeeding(call, 'assessments', '203.0.113.201'),
  },
  { command: 'attention', roles: READERS },
  { command: 'hosts', roles: READERS },
  {
    command: 'watch',
    roles: READERS,
    use: async (call) => await succeeding(call, 'watch', '--limit', '1'),
  },
  {
    command: 'report',
    roles: READERS,
    use: async (call) => await succeeding(call, 'report', '--html', join(FOLDER, 'report.html')),
  },
  {
    command: 'label',
    roles: ['analyst'],
    use: async (call) => {
      const { stdout } = await call('attention', '--limit', '1', '--json');
      const [entry] = jsonLines(stdout);
      await succeeding(call, 'label', String(entry?.assessment), 'malicious');
      // It was announced, and is cleared.
      await succeeding(call, 'label', String(entry?.address), 'benign');
    },
  },
  { command: 'labels', roles: READERS },
  {
    command: 'export',
    roles: READERS,
    use: async (call) => {
      await succeeding(call, 'export', 'assessments', '--output', join(FOLDER, 'assessments.csv'));
      await succeeding(call, 'export', '--output', join(FOLDER, 'all.sqlite'));
    },
  },
  {
    command: 'compare',
    roles: READERS,
    // Without assessments that have both scores, it is not ready.
    use: async (call) => expect(await call('compare')).toMatchObject({ end: 3, stderr: '' }),
  },
  { command: 'replay', roles: READERS },
  { command: 'cutover state', roles: ['operator'] },
  {
    command: 'cutover set',
    roles: ['operator'],
    use: async (call) => {
      await succeeding(call, 'cutover', 'set', 'legacy', '--yes');
      await succeeding(call, 'cutover', 'set', 'parallel', '--yes');
    },
  },
  { command: 'cutover history', roles: ['operator'] },
  {
    command: 'cutover reset',
    roles: ['operator'],
    use: async (call) => await succeeding(call, 'cutover', 'reset', '--yes'),
  },
  { command: 'rejected list', roles: ['operator'] },
  { command: 'rejected show', roles: ['operator'], use: showingAnEntryOf('rejected') },
  { command: 'rejected redrive', roles: ['operator'] },
  { command: 'dlq list', roles: ['operator'] },
  { command: 'dlq show', roles: ['operator'], use: showingAnEntryOf('dlq') },
  { command: 'dlq redrive', roles: ['operator'] },
  { command: 'rollback-failures list', roles: ['operator'] },
  { command: 'rollback-failures show', roles: ['operator'], use: showingAnEntryOf('rollback-failures') },
  {
    command: 'rollback-failures purge',
    roles: ['operator'],
    use: async (call) =>
      expect(await call('rollback-failures', 'purge', '--yes')).toMatchObject({ end: 0, stdout: '' }),
  },
  {
    command: 'allow add',
    roles: ['operator'],
    use: async (call) => await succeeding(call, 'allow', 'add', '203.0.113.7', '--reason', 'proof'),
  },
  { command: 'allow list', roles: READERS },
  {
    command: 'allow why',
    roles: READERS,
    use: async (call) => await succeeding(call, 'allow', 'why', '203.0.113.7'),
  },
  {
    command: 'allow remove',
    roles: ['operator'],
    use: async (call) => await succeeding(call, 'allow', 'remove', '203.0.113.7', '--yes'),
  },
  {
    command: 'intel import',
    roles: ['operator'],
    use: async (call) => {
      await succeeding(call, 'intel', 'import', LIST, '--name', 'proof');
      // The second run deletes the parts of the first.
      await succeeding(call, 'intel', 'import', LIST, '--name', 'proof');
    },
  },
  { command: 'intel list', roles: ['operator'] },
  {
    command: 'intel refresh',
    roles: ['operator'],
    use: async (call) => {
      // The second run reads and replaces the old list.
      for (let n = 0; n < 2; n++) await succeeding(call, 'intel', 'refresh', 'Ours', '--catalogue', FEEDS);
    },
  },
  {
    command: 'intel remove',
    roles: ['operator'],
    use: async (call) => await succeeding(call, 'intel', 'remove', 'proof', '--yes'),
  },
  {
    command: 'forget',
    roles: ['eraser'],
    use: async (call) => {
      await succeeding(call, 'forget', '203.0.113.201', '--yes');
      await succeeding(call, 'forget', '10.20.4.66', '--since', '1d', '--yes');
    },
  },
  {
    command: 'doctor',
    roles: ['operator'],
    use: async (call) => await succeeding(call, 'doctor', '--rehearse-alarm', '--rehearse-rollback', '--yes'),
  },
  {
    command: 'keys set',
    roles: ['operator'],
    use: async (call) => await succeeding(call, 'keys', 'set', 'virustotal', '--env', 'dev'),
    input: 'made-up\n',
  },
];

/** Checks of `doctor` on things that the embedded stack lacks. */
const ASKED_OF_AWS_ALONE: Readonly<Record<string, readonly AuthorizationRequest[]>> = {
  stacks: ['Storage', 'Scoring', 'Monitoring'].map((part) => ({
    action: 'cloudformation:DescribeStacks',
    resource: stackArn(`ThreatConsensus-dev-${part}`),
  })),
  'point-in-time recovery': [{ action: 'dynamodb:DescribeContinuousBackups', resource: TABLE }],
  expiry: [{ action: 'dynamodb:DescribeTimeToLive', resource: TABLE }],
  function: [
    {
      action: 'lambda:GetFunctionConfiguration',
      resource: arnOf('lambda', `function:${definition.function.name}`),
    },
  ],
  concurrency: [{ action: 'lambda:GetAccountSettings', resource: '*' }],
  'log retention': [{ action: 'logs:DescribeLogGroups', resource: '*' }],
  'log notifications': [
    { action: 's3:GetBucketNotification', resource: `arn:aws:s3:::${definition.buckets[0]?.name}` },
  ],
};

/**
 * Commands without AWS calls: they work on files, a given key, or an embedded stack of their own. Testing a stored key
 * requires permission to read its parameter, which none of these roles has.
 */
const FOR_ANYONE = ['run', 'local', 'score', 'scale', 'completion', 'keys test'];

function showingAnEntryOf(queue: string): (call: Call) => Promise<void> {
  return async (call) => {
    const { stdout } = await call(queue, 'list', '--limit', '1', '--json');
    await succeeding(call, queue, 'show', String(jsonLines(stdout)[0]?.id));
  };
}

async function succeeding(call: Call, ...args: readonly string[]): Promise<void> {
  const { end, stderr } = await call(...args);
  expect({ args, end, stderr: end === 0 ? '' : stderr }).toEqual({ args, end: 0, stderr: '' });
}

/** Each role's policy: the actions that its commands need, and those it must not allow. */
const ROLES: Readonly<
  Record<
    Role,
    {
      readonly output: string;
      readonly actions: readonly string[];
      readonly denied: readonly AuthorizationRequest[];
    }
  >
> = {
  producer: {
    output: 'ProducerPolicyArn',
    actions: ['s3:PutObject', 'sqs:SendMessage'],
    denied: [
      { action: 's3:GetObject', resource: `arn:aws:s3:::${definition.buckets[0]?.name}/any` },
      { action: 's3:DeleteObject', resource: `arn:aws:s3:::${definition.buckets[0]?.name}/any` },
      { action: 's3:PutObject', resource: 'arn:aws:s3:::another/any' },
      { action: 'sqs:SendMessage', resource: arnOf('sqs', definition.buckets[0]?.queue ?? '') },
      { action: 'sqs:ReceiveMessage', resource: WORK },
      { action: 'sqs:SendMessage', resource: REJECTED },
      { action: 'dynamodb:Query', resource: TABLE },
      { action: 'ssm:GetParameters', resource: SETTINGS },
      { action: 'ssm:PutParameter', resource: SETTINGS },
      { action: 'ssm:DeleteParameter', resource: SETTINGS },
    ],
  },
  analyst: {
    output: 'AnalystPolicyArn',
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'ssm:GetParameters',
    ],
    denied: [
      { action: 'dynamodb:BatchWriteItem', resource: TABLE },
      { action: 'dynamodb:PutItem', resource: TABLE },
      { action: 'sqs:SendMessage', resource: WORK },
      { action: 'sqs:ReceiveMessage', resource: REJECTED },
      { action: 'sqs:ReceiveMessage', resource: ROLLBACK_FAILURES },
      { action: 'ssm:GetParameters', resource: KEY },
      { action: 'ssm:PutParameter', resource: SETTINGS },
      { action: 'ssm:DeleteParameter', resource: SETTINGS },
    ],
  },
  eraser: {
    output: 'EraserPolicyArn',
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    denied: [
      { action: 'dynamodb:PutItem', resource: TABLE, context: LABEL },
      { action: 'dynamodb:UpdateItem', resource: TABLE, context: LABEL },
      { action: 'dynamodb:DeleteItem', resource: TABLE, context: SUMMARY },
      { action: 'dynamodb:DeleteItem', resource: TABLE, context: LIST_PART },
      { action: 'dynamodb:DeleteItem', resource: TABLE, context: QUOTA },
      { action: 'sqs:SendMessage', resource: WORK },
      { action: 'ssm:GetParameters', resource: KEY },
      { action: 'ssm:PutParameter', resource: SETTINGS },
    ],
  },
  operator: {
    output: 'OperatorPolicyArn',
    actions: [
      'cloudformation:DescribeStacks',
      'cloudwatch:DescribeAlarmHistory',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'cloudwatch:SetAlarmState',
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'lambda:GetAccountSettings',
      'lambda:GetEventSourceMapping',
      'lambda:GetFunctionConfiguration',
      'logs:DescribeLogGroups',
      's3:GetBucketNotification',
      's3:ListBucket',
      'sns:ListSubscriptionsByTopic',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:PurgeQueue',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'ssm:DeleteParameter',
      'ssm:GetParameterHistory',
      'ssm:GetParameters',
      'ssm:PutParameter',
    ],
    denied: [
      { action: 'sqs:ReceiveMessage', resource: WORK },
      { action: 'sqs:DeleteMessage', resource: WORK },
      { action: 'sqs:SendMessage', resource: ROLLBACK_FAILURES },
      { action: 'sqs:PurgeQueue', resource: DEAD_LETTER },
      { action: 'dynamodb:PutItem', resource: TABLE, context: LABEL },
      { action: 'dynamodb:BatchWriteItem', resource: TABLE, context: ASSESSMENT },
      { action: 'dynamodb:UpdateItem', resource: TABLE, context: LABEL },
      { action: 'dynamodb:UpdateItem', resource: TABLE, context: ASSESSMENT },
      { action: 'dynamodb:UpdateItem', resource: TABLE, context: QUOTA },
      { action: 'dynamodb:DeleteItem', resource: TABLE, context: QUOTA },
      { action: 'dynamodb:DeleteItem', resource: TABLE, context: LABEL },
      { action: 'dynamodb:DeleteItem', resource: TABLE, context: ASSESSMENT },
      { action: 'dynamodb:DeleteItem', resource: TABLE, context: SUMMARY },
      { action: 'ssm:GetParameters', resource: KEY },
      { action: 'ssm:DeleteParameter', resource: KEY },
      { action: 'cloudwatch:SetAlarmState', resource: arnOf('cloudwatch', 'alarm:any') },
      {
        action: 'cloudwatch:SetAlarmState',
        resource: arnOf('cloudwatch', 'alarm:threat-consensus-prod-rollback'),
      },
      { action: 'sns:ListSubscriptionsByTopic', resource: arnOf('sns', 'any') },
      {
        action: 'lambda:UpdateEventSourceMapping',
        resource: arnOf('lambda', `event-source-mapping:${definition.eventSource.name}`),
      },
      { action: 'cloudwatch:DeleteAlarms', resource: arnOf('cloudwatch', 'alarm:any') },
      { action: 'sns:Publish', resource: definition.watch.topics[0] ?? '' },
    ],
  },
};
const ROLE_NAMES = Object.keys(ROLES) as Role[];

const DEPLOY_PAGE = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');

/** Every executable command by its words; groups are replaced by their commands. */
function pathsOf(commands: readonly Command[], before: readonly string[] = []): string[] {
  return commands.flatMap((command) => {
    const path = [...before, command.name()];
    return command.commands.length === 0 ? [path.join(' ')] : pathsOf(command.commands, path);
  });
}

describe('the command line', () => {
  const commands = new RecordedCommands();
  const needed = new Map<Role, Set<string>>(ROLE_NAMES.map((role) => [role, new Set()]));

  beforeAll(async () => {
    await commands.start();
    const { sqs } = service.stack.clients;
    const { deadLetterQueueUrl, rollbackFailuresQueueUrl } = service.stack.names;
    const entries = [
      [deadLetterQueueUrl, ndjson(connectionsTo('203.0.113', 1))],
      [rollbackFailuresQueueUrl, '{}'],
    ];
    for (const [QueueUrl, MessageBody] of entries) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }
  });
  afterAll(async () => await commands.stop());

  it('has no command of which is not said here whose it is', async () => {
    const said = [...COMMANDS.map(({ command }) => command), ...FOR_ANYONE];

    expect(pathsOf(await commandsFor()).toSorted()).toEqual(said.toSorted());
  });

  it('is shared out among the roles in the documentation as it is here', () => {
    const rows = [...DEPLOY_PAGE.matchAll(/^\| (`.*`) \| ((?:producer|analyst|operator|eraser)[^|]*) \|$/gm)];
    const documented = rows.flatMap(([, names = '', roles = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, roles.split(', ')] as const),
    );

    for (const { command, roles } of COMMANDS) {
      const found = documented.find(([name]) => command === name || command.startsWith(`${name} `));
      expect([command, found?.[1]]).toEqual([command, roles]);
    }
  });

  it.each(COMMANDS)(
    'is allowed every call of $command for $roles',
    async ({ command, roles, use, input }) => {
      const call = commands.callWith(input);
      commands.calls.take();

      await (use === undefined ? succeeding(call, ...command.split(' ')) : use(call));

      const requests = commands.calls.take();
      expect(requests.length).toBeGreaterThan(0);
      for (const role of roles) {
        for (const action of actionsOf(requests)) needed.get(role)?.add(action);
        expect(await decisions(managedPolicy(ROLES[role].output), requests)).toEqual(
          all(requests, 'Allowed'),
        );
      }
    },
  );

  it.each(Object.entries(ASKED_OF_AWS_ALONE))(
    'is allowed what the check of the %s asks of AWS, for operators',
    async (name, requests) => {
      for (const action of actionsOf(requests)) needed.get('operator')?.add(action);

      expect(CHECKS.find((check) => check.name === name)?.actions).toEqual(actionsOf(requests));
      expect(await decisions(managedPolicy('OperatorPolicyArn'), requests)).toEqual(all(requests, 'Allowed'));
    },
  );

  it.each(ROLE_NAMES)('makes a %s need these actions, and its policy allows no others', (role) => {
    const { output, actions } = ROLES[role];

    expect([...(needed.get(role) ?? [])].sort()).toEqual(actions);
    expect(actionsAllowedBy(managedPolicy(output))).toEqual(
      [...new Set(['cloudformation:DescribeStacks', ...actions])].sort(),
    );
  });
});

describe.each(ROLE_NAMES)('the policy of a %s', (role) => {
  const { output, denied } = ROLES[role];
  const policy = managedPolicy(output);

  it('finds what belongs to the environment', async () => {
    const describeStacks = (stack: string) => ({
      action: 'cloudformation:DescribeStacks',
      resource: stackArn(stack),
    });

    expect(await decide(policy, describeStacks('ThreatConsensus-dev-Scoring'))).toBe('Allowed');
    expect(await decide(policy, describeStacks('ThreatConsensus-prod-Scoring'))).toBe('ImplicitlyDenied');
  });

  // Source: IAM User Guide, "IAM and AWS STS quotas": characters of a managed policy, not counting white space.
  it('is no longer than IAM allows, for names as long as they may be', () => {
    const [document] = policy.policies;
    const text = JSON.stringify(document).replaceAll(
      'ThreatConsensus-dev-',
      `ThreatConsensus-${'x'.repeat(20)}-`,
    );

    expect(text.length).toBeLessThan(6_144);
  });

  it.each<AuthorizationRequest>([...NEVER, ...denied])(
    'does not allow $action on $resource',
    async (request) => {
      expect(await decide(policy, request)).toBe('ImplicitlyDenied');
    },
  );
});
