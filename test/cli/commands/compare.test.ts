import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callInto, callWith, type Variables, variablesOf } from '../../fixtures/cli/calls.ts';
import { type CloudFormation, startCloudFormation } from '../../fixtures/cli/cloudformation.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { storeDay } from '../../fixtures/service/day-of-traffic.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

const READY = 0;
const NOT_READY = 3;
/** From the sample: known only to VirusTotal, which the consensus trusts more than the legacy score does. */
const UNEXPLAINED = '203.0.113.201';
const DAYS_AGO = (days: number) => Date.now() - days * 86_400_000;

let service: ScoringService;
let cloudFormation: CloudFormation;
let variables: Variables;
let call: Call;

beforeAll(async () => {
  service = await startScoringService();
  variables = variablesOf(service.stack);
  call = callWith(variables);
  const table = { TableName: service.stack.names.tableName };
  const strict = { failureRate: 0.05, uncertaintyRate: 0.3, averageScore: { minimum: 0.01, maximum: 0.2 } };
  cloudFormation = await startCloudFormation({
    'ThreatConsensus-strict-Scoring': { ...table, ReadinessThresholds: JSON.stringify(strict) },
    'ThreatConsensus-earlier-Scoring': table,
  });
  await storeDay(service, { untilMs: Date.now() - 60_000, settings: { mode: 'parallel' } });
  await storeDay(service, {
    untilMs: DAYS_AGO(3),
    settings: { mode: 'parallel' },
    latencyMs: 140,
    share: 0.2,
  });
  await storeDay(service, { untilMs: DAYS_AGO(5), version: 1, share: 0.1 });
});

afterAll(async () => {
  await service?.stop();
  await cloudFormation?.close();
});

async function reportOf(...args: readonly string[]) {
  const { end, stdout, stderr } = await call('compare', ...args, '--json');
  expect(stderr).toBe('');
  const report = JSON.parse(stdout);
  const shut = report.gates.filter((gate: { passed: boolean }) => !gate.passed);
  return { end, report, shut: shut.map(({ gate }: { gate: string }) => gate) };
}

describe('an environment in mode parallel', () => {
  it('becomes ready when a human has looked at the flips that nothing explains', async () => {
    const before = await reportOf('--since', '24h');
    expect(before).toMatchObject({ end: NOT_READY, shut: ['unexplained_flips'] });
    expect(before.report).toMatchObject({
      ready: false,
      messages: { compared: 48, legacy_only: 0, consensus_only: 0 },
      settings: [{ settings: 'parallel 0 v3@1000' }],
      unexplained: [{ address: UNEXPLAINED, flip: 'newly_malicious', flip_reasons: [] }],
    });
    const [{ assessment, legacy_reasoning, votes }] = before.report.unexplained;
    expect(legacy_reasoning).toMatch(/^VirusTotal alone: 11 malicious/);
    expect(votes).toHaveLength(3);

    expect(await call('label', assessment, 'malicious')).toMatchObject({ end: 0 });
    const after = await reportOf('--since', '24h');

    expect(after).toMatchObject({ end: READY, shut: [] });
    expect(after.report).toMatchObject({
      ready: true,
      unexplained: [],
      flips: { looked_at: 20, confirmed_by_labels: 20 },
      labels: { malicious: 1, consensus: { accuracy: 1 }, legacy: { accuracy: 0, missed: 1 } },
    });
  });

  it('is described in full: for people, and as a page', async () => {
    const file = join(createWorkFolder(), 'report.html');
    const { end, stdout } = await call('compare', '--html', file);

    expect(end).toBe(READY);
    expect(stdout).toMatch(/^Ready: all gates passed\n/);
    for (const title of [
      'Flips at the',
      'Scores',
      'How far',
      'Agreement over time',
      'Scorers',
      'Against labels',
    ]) {
      expect(stdout).toMatch(new RegExp(`^${title}`, 'm'));
    }
    expect(stdout).toMatch(/newly malicious: AbuseIPDB, which the legacy score ignores/);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*Ready: all gates passed/);
  });

  it('is not ready by other gates', async () => {
    const gates = ['--gate', 'hours=48', '--gate', 'average-score=0.5-0.6', '--gate', 'uncertainty-rate=0.5'];
    const { end, shut } = await reportOf(...gates);

    expect({ end, shut }).toEqual({ end: NOT_READY, shut: ['hours', 'average_score'] });
  });

  it('is judged by the time that is asked for', async () => {
    const range = ['--since', '4d', '--until', '2d'];
    const { end, shut, report } = await reportOf(...range, '--gate', 'hours=4', '--gate', 'assessments=500');

    expect({ end, shut }).toEqual({ end: NOT_READY, shut: ['latency_ms'] });
    expect(report).toMatchObject({ messages: { compared: 10 }, latency_ms: { p99: 140 } });
  });

  it('prints the conclusion even if the reader stops early', async () => {
    const { end, stdout } = await callInto('head -n 1', variables, ['compare', '--gate', 'hours=100']);

    expect({ end, stdout }).toEqual({ end: NOT_READY, stdout: 'Not ready: 1 of 7 gates failed\n' });
  });
});

/** Relative to the call: the latest message arrived a minute before the first. */
const secondsAgo = (seconds: number) => () => new Date(Date.now() - seconds * 1_000).toISOString();

describe.concurrent('where there is nothing to compare', () => {
  it.each([
    ['nothing arrived', secondsAgo(20), secondsAgo(10), 'No message arrived in this period.'],
    [
      'there was the legacy score alone',
      () => '6d',
      () => '4d',
      'Nothing to compare: all of 5 messages had only one score.',
    ],
  ])('since %s, it is not ready and says why', async (_, since, untilWhen, remark) => {
    const { end, stdout } = await call('compare', '--since', since(), '--until', untilWhen());

    expect(end).toBe(NOT_READY);
    expect(stdout).toContain(`! ${remark}`);
    expect(stdout).toMatch(/FAIL {2}Failure rate +no data/);
  });

  it('in part, it says what was left out', async () => {
    const { report } = await reportOf('--since', '6d');

    expect(report.messages).toEqual({ compared: 58, legacy_only: 5, consensus_only: 0 });
    expect(report.remarks[0]).toMatch(/^Left out: 5 messages with the legacy score only/);
  });
});

describe.concurrent('an environment by name', () => {
  const named = () => ({
    ...variables,
    TABLE_NAME: '',
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
  });

  it('is judged by the thresholds of its alarms', async () => {
    const { end, stdout } = await callWith(named())('compare', '--env', 'strict', '--json');
    const { environment, gates } = JSON.parse(stdout);

    expect({ end, environment }).toEqual({ end: NOT_READY, environment: 'strict' });
    expect(gates).toContainEqual(
      expect.objectContaining({ gate: 'average_score', maximum: 0.2, passed: false }),
    );
  });

  it('has its statistics judged by them too, and what breaches marked in its line', async () => {
    const { end, stdout } = await callWith(named())('stats', '--env', 'strict');

    expect(end).toBe(0);
    expect(stdout).toMatch(/^ {2}of the consensus +0\.[2-9]\d\d {3}\(limits \S+ to 0\.2\) !$/m);
    expect(stdout).toMatch(/^! average consensus score above 0\.2$/m);
    expect(stdout).toMatch(/^ {2}consensus failures +\S+ {3}\S+ % \(limit \S+ %\)$/m);
  });

  it('that states none is judged by the defaults, and that is said', async () => {
    const { stdout } = await callWith(named())('compare', '--env', 'earlier');

    expect(stdout).toMatch(
      /! The environment was deployed by an earlier version and publishes no thresholds/,
    );
  });
});

describe.concurrent('a wrong call', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown gate', ['--gate', 'speed=3'], /expected NAME=VALUE with NAME one of hours, assessments/],
    ['a gate without a sense', ['--gate', 'average-score=0.8-0.1'], /expected a band such as 0\.01-0\.8/],
    ['a share that is none', ['--gate', 'failure-rate=5'], /expected a number from 0 to 1/],
    [
      'a time that ends before it begins',
      ['--since', '1h', '--until', '2h'],
      /--until must be later than --since/,
    ],
  ])('with %s is told so', async (_, args, message) => {
    const { end, stdout, stderr } = await call('compare', ...args);

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.skipIf(!existsSync('/dev/full'))('is printed although the page does not fit on the disk', async () => {
    const { end, stdout, stderr } = await call('compare', '--html', '/dev/full');

    expect(stderr).toBe(
      'error: cannot write the report /dev/full: the disk is full; free some space, or name a file elsewhere\n',
    );
    expect(end).toBe(1);
    expect(stdout).toMatch(/^(?:Not ready|Ready): /m);
  });
});
