import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Resolver } from '../../../lib/local/template/resolve.ts';
import { readTemplates } from '../../../lib/local/template/template.ts';
import { callWith, ONE_LINE_ERROR, type Variables, variablesOf } from '../../fixtures/cli/calls.ts';
import { type CloudFormation, startCloudFormation } from '../../fixtures/cli/cloudformation.ts';
import { SYNTHESIZED } from '../../fixtures/deployed-service.ts';
import { SAMPLE_FILE } from '../../fixtures/sample/generate.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

const STACK = 'ThreatConsensus-dev-Scoring';
const NAMES = [
  'TABLE_NAME',
  'WORK_QUEUE_URL',
  'REJECTED_QUEUE_URL',
  'DEAD_LETTER_QUEUE_URL',
  'SETTINGS_PARAMETER',
  'INITIAL_SETTINGS_PARAMETER',
];

let service: ScoringService;
let cloudFormation: CloudFormation;
/** Region, credentials and endpoints, but no resource names. */
let nameless: Variables;

beforeAll(async () => {
  service = await startScoringService();
  cloudFormation = await startCloudFormation({
    [STACK]: outputsOf(STACK),
    'ThreatConsensus-old-Scoring': {},
  });
  const known = Object.entries(variablesOf(service.stack)).filter(([name]) => !NAMES.includes(name));
  nameless = { ...Object.fromEntries(known), AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint };
});

afterAll(async () => {
  await service?.stop();
  await cloudFormation?.close();
});

/** A stack's outputs as in its template, with the embedded stack's names. */
function outputsOf(stack: string): Record<string, string> {
  const templates = readTemplates(SYNTHESIZED);
  const template = templates.find(({ stackName }) => stackName === stack);
  if (template === undefined) throw new Error(`there is no ${stack}`);
  const resolver = new Resolver(template, templates);
  const { workQueueUrl } = service.stack.names;
  const resolved = Object.entries(template.Outputs)
    .filter(([name]) => /Url$|^TableName$|^(?:Initial)?SettingsParameter$/.test(name))
    .map(([name, { Value }]) => {
      const value = resolver.resolve(Value) as string | { urlOfQueueNamed: string };
      if (typeof value === 'string') return [name, value];
      return [name, workQueueUrl.replace(/[^/]+$/, value.urlOfQueueNamed)];
    });
  return Object.fromEntries(resolved);
}

it('an environment is found by its name, for every part of it', async () => {
  const call = callWith(nameless);

  const pushed = await call('push', SAMPLE_FILE, '--env', 'dev', '--json');
  expect(pushed).toMatchObject({ end: 0 });
  await service.push('{"timestamp":1}');
  await service.drained();
  const stats = await call('stats', '--env', 'dev', '--json');
  const rejected = await call('rejected', 'list', '--env', 'dev', '--limit', '100', '--json');
  const dead = await call('dlq', 'list', '--env', 'dev');

  expect(JSON.parse(stats.stdout)).toMatchObject({ totals: { records: 1_213, stored: 1_200, rejected: 1 } });
  expect(rejected.stdout.trim().split('\n')).toHaveLength(1);
  expect(dead).toMatchObject({ end: 0, stdout: '' });
});

describe('cutover --env', () => {
  const STACK_CREATED = '2026-01-01T00:00:00.000Z';

  it('shows settings, and reports those that an earlier stack left', async () => {
    const call = callWith(nameless);
    const [fresh, freshJson] = [
      await call('cutover', '--env', 'dev'),
      await call('cutover', '--env', 'dev', '--json'),
    ];
    cloudFormation.createdAt = '2099-01-01T00:00:00Z';
    const again = callWith(nameless);
    const [left, leftJson] = [
      await again('cutover', '--env', 'dev'),
      await again('cutover', '--env', 'dev', '--json'),
    ];
    cloudFormation.createdAt = STACK_CREATED;

    expect(fresh).toMatchObject({ end: 0, stderr: '' });
    expect(fresh.stdout).not.toContain('earlier stack');
    expect(JSON.parse(freshJson.stdout)).not.toHaveProperty('left_by_earlier_stack');
    expect(left.stdout.split('\n').at(-2)).toBe(
      'These settings were left by an earlier stack: this one was created 2099-01-01T00:00:00.000Z. Go back to the ' +
        'initial ones with `cutover reset`, or confirm these with `cutover set`.',
    );
    expect(JSON.parse(leftJson.stdout)).toMatchObject({
      in_force: 'operator',
      left_by_earlier_stack: true,
      stack_created_at: Date.UTC(2099, 0, 1),
    });
  });
});

describe.concurrent('which environment or part counts', () => {
  it.each<[string, Variables, readonly string[], number]>([
    [
      'that of the call, before the names that the shell has set',
      { TABLE_NAME: 'other' },
      ['--env', 'dev'],
      0,
    ],
    ['that of the shell', { THREAT_CONSENSUS_ENV: 'dev' }, [], 0],
    [
      "the shell's name of the part, before its environment",
      { THREAT_CONSENSUS_ENV: 'dev', TABLE_NAME: 'other' },
      [],
      1,
    ],
    ['the name of the part in the call, before its environment', {}, ['--env', 'dev', '--table', 'other'], 1],
  ])('is %s', async (_, variables, args, end) => {
    const outcome = await callWith({ ...nameless, ...variables })('stats', '--json', ...args);

    expect(outcome.end).toBe(end);
    if (end === 1) expect(outcome.stderr).toMatch(/ResourceNotFoundException/);
  });
});

describe.concurrent('an environment that', () => {
  it.each<[string, string, RegExp]>([
    [
      'is not deployed',
      'prod',
      /environment "prod" is not deployed in this account and region \(no stack ThreatConsensus-prod-Scoring\): npx cdk deploy --all -c env=prod\n$/,
    ],
    [
      'is deployed from an earlier version',
      'old',
      /the stack ThreatConsensus-old-Scoring has no output TableName; deploy this version/,
    ],
  ])('%s is told in one line', async (_, environment, message) => {
    const { end, stdout, stderr } = await callWith(nameless)('stats', '--env', environment);

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(message);
  });

  it('that nobody can be asked about is reported in one line', async () => {
    const unreachable = { ...nameless, AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://127.0.0.1:1' };
    const { end, stderr } = await callWith(unreachable)('stats', '--env', 'dev');

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(/could not find environment "dev": nothing answers at 127.0.0.1:1/);
  });
});

it('a call that names its parts asks nobody', async () => {
  const before = cloudFormation.calls();
  const { end } = await callWith({ ...nameless, ...variablesOf(service.stack) })('stats', '--json');

  expect({ end, calls: cloudFormation.calls() - before }).toEqual({ end: 0, calls: 0 });
});
