import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../lib/cli/results/doctor.ts';
import { Resolver } from '../../../lib/local/template/resolve.ts';
import { readTemplates } from '../../../lib/local/template/template.ts';
import { callWith, ONE_LINE_ERROR, type Variables, variablesOf } from '../../fixtures/cli/calls.ts';
import { type CloudFormation, startCloudFormation } from '../../fixtures/cli/cloudformation.ts';
import { SYNTHESIZED } from '../../fixtures/deployed-service.ts';
import { internalServerError } from '../../fixtures/local/fault-proxy.ts';
import { connectionsTo, ndjson } from '../../fixtures/service/connections.ts';
import { currentValue } from '../../fixtures/service/current-value.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

/** The checks that apply to the embedded stack, in the order of the report. */
const LOOKED_AT = [
  'table',
  'event source',
  'settings',
  'rollback alarm',
  'alarms',
  'alarm targets',
  'work queue',
  'rejected queue',
  'dead-letter queue',
  'rollback failures',
  'log bucket',
  'ingest queue',
  'unread log files',
  'record',
  'clock',
];

let service: ScoringService;
let variables: Variables;

beforeAll(async () => {
  // Alarms are evaluated only on request, so a state set by hand stays until it is set back.
  service = await startScoringService({ clock: Date.now });
  variables = variablesOf(service.stack);
  // On a busy machine, the first read of the settings may take longer than an invocation waits.
  await service.push(ndjson(connectionsTo('203.0.113', 1)));
  await service.drained();
});

afterAll(async () => await service?.stop());

beforeEach(async () => await put('{"mode":"consensus"}'));

async function put(Value: string): Promise<void> {
  const Name = service.stack.names.settingsParameter;
  await service.stack.clients.ssm.send(
    new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }),
  );
}

async function settings(): Promise<{ readonly mode?: string }> {
  const { ssm } = service.stack.clients;
  return JSON.parse((await currentValue(ssm, service.stack.names.settingsParameter)).value);
}

interface Examined {
  readonly end: number | string;
  readonly stderr: string;
  /** Results by check. */
  readonly results: Readonly<Record<string, CheckResult>>;
}

async function doctor(args: readonly string[] = [], changes: Variables = {}): Promise<Examined> {
  const { end, stdout, stderr } = await callWith({ ...variables, ...changes })('doctor', '--json', ...args);
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly CheckResult[] };
  return {
    end: end ?? '',
    stderr,
    results: Object.fromEntries(checks.map((result) => [result.name, result])),
  };
}

const named = (results: Examined['results'], outcome: CheckResult['outcome']) =>
  Object.values(results)
    .filter((result) => result.outcome === outcome)
    .map(({ name }) => name);

describe('an embedded stack', () => {
  it('that is well passes all that it has', async () => {
    const { end, stderr, results } = await doctor();

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(named(results, 'pass')).toEqual(LOOKED_AT);
    expect(named(results, 'warn')).toEqual([]);
    expect(results.settings?.text).toMatch(/^valid, set by an operator or a rollback\. /);
    expect(results.record?.text).toMatch(/^192\.0\.2\.\d+ scored 0\.\d{3} by consensus after \d+\.\d s$/);
    for (const name of named(results, 'skipped'))
      expect(results[name]?.text).toMatch(/^(?:embedded|unasked)$/);
  });

  it('has its record counted like any other, once a run', async () => {
    const records = async () => {
      const { stdout } = await callWith(variables)('stats', '--json');
      return (JSON.parse(stdout) as { totals: { records: number; duplicates: number } }).totals;
    };
    const before = await records();
    await doctor();
    await doctor();

    const { records: after, duplicates } = await records();
    expect({ after, duplicates }).toEqual({ after: before.records + 2, duplicates: before.duplicates });
  });

  it('is reported line by line for a human', async () => {
    const { end, stdout } = await callWith(variables)('doctor');

    expect(end).toBe(0);
    expect(stdout).toMatch(/^skipped stacks {17}embedded\n/);
    expect(stdout).toMatch(/^pass {4}event source {11}enabled$/m);
    expect(stdout).toMatch(/^\d+ checks: 15 passed, \d+ skipped\n$/m);
  });

  it('whose event source is disabled is named as such, and the record does not come through', async () => {
    await service.stack.pauseDelivery();
    const { end, stderr, results } = await doctor(['--timeout', '1']);
    service.stack.resumeDelivery();
    await service.drained();

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain('2 checks failed: event source, record');
    expect(results['event source']).toMatchObject({
      text: expect.stringContaining('disabled'),
      todo: expect.stringContaining('--enabled'),
    });
    expect(results.record?.text).toMatch(/no verdict within 1 s; on the work queue 1 message waiting/);
  });

  it('whose function fails does not score the record, and the message is seen to be worked on', async () => {
    service.faults.dynamodb = (operation) =>
      operation === 'BatchWriteItem' ? internalServerError() : undefined;
    const { end, results } = await doctor(['--timeout', '1']);
    await service.endFaults();
    await service.drained();

    expect(end).toBe(1);
    expect(named(results, 'fail')).toEqual(['record']);
    expect(results.record?.text).toMatch(
      /no verdict within 1 s; on the work queue .*waiting, [1-9]\d* in progress/,
    );
  });

  it('with invalid settings is told what is wrong with them, and everything else is looked at', async () => {
    await put('{"mode":"turbo"}');
    const { end, results } = await doctor();

    expect(end).toBe(1);
    expect(named(results, 'fail')).toEqual(['settings']);
    expect(results.settings?.text).toContain('mode: expected legacy or parallel or consensus, got "turbo"');
    expect(results.record?.outcome).toBe('pass');
  });

  it('with rejected records works, and somebody should look', async () => {
    await service.push('{"timestamp":1}');
    await service.drained();
    const { end, results } = await doctor();

    expect(end).toBe(0);
    expect(results['rejected queue']).toMatchObject({
      outcome: 'warn',
      text: '1 message waiting',
      todo: expect.stringContaining('rejected list'),
    });
  });

  it.each([
    ['log bucket', { LOG_BUCKET: 'deleted-by-hand' }, 'fail', 'there is no bucket deleted-by-hand'],
    [
      'ingest queue',
      { INGEST_QUEUE_URL: 'http://127.0.0.1:1/000000000000/ingest' },
      'fail',
      'nothing answers',
    ],
  ])('whose %s is gone is told so', async (name, changes, outcome, text) => {
    const { end, results } = await doctor([], changes);

    expect(end).toBe(1);
    expect(results[name]).toMatchObject({ outcome, text: expect.stringContaining(text) });
  });

  it('with a log file that could not be read works, and somebody should look', async () => {
    const { clients, names } = service.stack;
    const QueueUrl = names.ingestDeadLetterQueueUrl ?? '';
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
    const { end, results } = await doctor();
    await clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));

    expect(end).toBe(0);
    expect(results['unread log files']).toMatchObject({
      outcome: 'warn',
      text: '1 message waiting',
      todo: expect.stringContaining('ingest retry'),
    });
  });

  it('whose alarms can not be asked about fails those checks alone', async () => {
    const { end, results } = await doctor([], { AWS_ENDPOINT_URL_CLOUDWATCH: 'http://127.0.0.1:1' });

    expect(end).toBe(1);
    expect(named(results, 'fail')).toEqual(['rollback alarm', 'alarms', 'alarm targets']);
    expect(results.alarms?.text).toMatch(/nothing answers at 127\.0\.0\.1:1$/);
  });
});

describe('a rehearsal', () => {
  it('of an alarm sees that its topic is notified, of alarm and all-clear', async () => {
    const before = service.stack.notifications.length;
    const { end, results } = await doctor(['--rehearse-alarm']);

    expect(end).toBe(0);
    expect(results['alarm rehearsal']?.outcome).toBe('pass');
    const subjects = service.stack.notifications.slice(before).map(({ subject }) => subject);
    const [, name = ''] = /^(\S+) was set off/.exec(results['alarm rehearsal']?.text ?? '') ?? [];
    expect(subjects).toEqual([`ALARM: "${name}"`, `OK: "${name}"`]);
    expect((await settings()).mode).toBe('consensus');
  });

  it('of the rollback takes the settings to legacy, says how to put them back, and sets the alarm back', async () => {
    const { end, results } = await doctor(['--rehearse-rollback', '--yes']);

    expect(end).toBe(0);
    expect(results['rollback rehearsal']).toMatchObject({
      outcome: 'pass',
      text: expect.stringContaining('rolled the settings back from consensus to legacy'),
      todo: expect.stringContaining('threat-consensus cutover set parallel --percent 100'),
    });
    expect((await settings()).mode).toBe('legacy');
    expect(service.stack.alarmState(service.stack.names.rollbackAlarm ?? '')).toBe('OK');
  });

  it('of the rollback where the legacy score is in use sees its function run', async () => {
    await put('{"mode":"legacy"}');
    const { end, results } = await doctor(['--rehearse-rollback', '--yes']);

    expect(end).toBe(0);
    expect(results['rollback rehearsal']).toMatchObject({
      outcome: 'pass',
      text: expect.stringContaining('the rollback function ran'),
    });
  });

  it('of the rollback is done only when somebody has agreed', async () => {
    const before = service.stack.notifications.length;
    const { end, stdout, stderr } = await callWith(variables)('doctor', '--rehearse-rollback');

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(/use --yes\n$/);
    expect(service.stack.notifications).toHaveLength(before);
  });
});

describe('an environment', () => {
  const PARTS = ['Storage', 'Scoring', 'Monitoring'];
  let cloudFormation: CloudFormation;
  let byName: Variables;

  beforeAll(async () => {
    const stacks = PARTS.map((part) => `ThreatConsensus-dev-${part}`);
    cloudFormation = await startCloudFormation({
      ...Object.fromEntries(stacks.map((stack) => [stack, outputsOf(stack)])),
      'ThreatConsensus-old-Storage': {},
      'ThreatConsensus-old-Scoring': {},
      'ThreatConsensus-old-Monitoring': {},
    });
    const isOfClient = (name: string) => name.startsWith('AWS_');
    byName = {
      ...Object.fromEntries(Object.entries(variablesOf(service.stack)).filter(([name]) => isOfClient(name))),
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://127.0.0.1:1',
    };
  });

  afterAll(async () => await cloudFormation?.close());

  /** A stack's outputs as in its template, with the embedded stack's names. */
  function outputsOf(stack: string): Record<string, string> {
    const templates = readTemplates(SYNTHESIZED);
    const template = templates.find(({ stackName }) => stackName === stack);
    if (template === undefined) throw new Error(`there is no ${stack}`);
    const resolver = new Resolver(template, templates);
    const queueUrl = (name: string) => service.stack.names.workQueueUrl.replace(/[^/]+$/, name);
    const resolved = Object.entries(template.Outputs).map(([name, { Value }]) => {
      const value = resolver.resolve(Value) as string | { urlOfQueueNamed: string };
      return [name, typeof value === 'string' ? value : queueUrl(value.urlOfQueueNamed)];
    });
    return Object.fromEntries(resolved);
  }

  async function examine(environment: string): Promise<Examined> {
    const { end, stdout, stderr } = await callWith(byName)('doctor', '--env', environment, '--json');
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly CheckResult[] };
    return {
      end: end ?? '',
      stderr,
      results: Object.fromEntries(checks.map((result) => [result.name, result])),
    };
  }

  it('is found by its name with all its parts; what nobody answers fails alone', async () => {
    const { end, results } = await examine('dev');

    expect(end).toBe(1);
    expect(named(results, 'pass')).toEqual([
      'stacks',
      ...LOOKED_AT.filter((name) => name !== 'rejected queue'),
    ]);
    expect(results['termination protection']).toMatchObject({ outcome: 'skipped', text: 'disposable' });
    expect(named(results, 'fail')).toEqual([
      'point-in-time recovery',
      'expiry',
      'function',
      'concurrency',
      'log retention',
      'log notifications',
    ]);
  });

  it('whose settings are older than its stack is warned that an earlier one left them', async () => {
    const { createdAt } = cloudFormation;
    cloudFormation.createdAt = new Date(Date.now() + 60_000).toISOString();
    const { results } = await examine('dev');
    cloudFormation.createdAt = createdAt;

    expect(results.settings).toMatchObject({
      outcome: 'warn',
      text: expect.stringMatching(
        /^valid, set by an operator or a rollback\. .*They were left by an earlier stack/,
      ),
      todo: expect.stringContaining('cutover reset'),
    });
  });

  it.each([
    ['that is not deployed', 'prod', /not deployed in this account and region: ThreatConsensus-prod-Storage/],
    ['of an earlier version', 'old', /ThreatConsensus-old-Scoring has no output TableName/],
  ])('%s fails in one line, and nothing else is looked at', async (_, environment, text) => {
    const { end, stderr, results } = await examine(environment);

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(named(results, 'fail')).toEqual(['stacks']);
    expect(named(results, 'pass')).toEqual([]);
    expect(results.stacks?.text).toMatch(text);
  });
});

it.each([
  ['nothing is named', [], /which environment\? Use --env/],
  ['a time makes no sense', ['--timeout', '0'], /whole number of seconds from 1 to 3600/],
])('a call is refused where %s', async (_, args, message) => {
  const { end, stdout, stderr } = await callWith({ AWS_REGION: 'us-east-1' })('doctor', ...args);

  expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
