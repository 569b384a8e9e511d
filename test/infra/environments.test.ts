import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../infra/environment.ts';
import { ENVIRONMENTS } from '../../infra/environments.ts';
import { refuseOtherAccount, selectEnvironment } from '../../infra/select-environment.ts';
import { readSiteFile } from '../../infra/site-file.ts';
import { DEFAULT_ANNOUNCEMENT_SETTINGS } from '../../lib/announcement/announcement-settings.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { dev } = ENVIRONMENTS;

describe('selectEnvironment', () => {
  it('accepts dev as it is', () => {
    expect(selectEnvironment('dev', ENVIRONMENTS)).toEqual({
      name: 'dev',
      alarmTargets: [],
      protectedStacks: [],
      memoryMegabytes: 1769,
      logLevel: 'INFO',
      logFormat: 'text',
      tracing: false,
      customerManagedKey: false,
      feeds: { catalogue: true, on: [], off: [], own: [] },
      announcements: DEFAULT_ANNOUNCEMENT_SETTINGS,
      logFiles: { retentionDays: 30, formats: [], existing: [], topics: [], maximumConcurrency: 2 },
      announcementTargets: [],
      alarms: {
        consensusFailureRate: 0.05,
        uncertaintyRate: 0.3,
        averageScore: { minimum: 0.01, maximum: 0.8 },
        scorerFailureRate: 0.05,
        rejectedShare: 0.01,
        rejectedRecordsPerHour: 10,
        messagesFailedShare: 0.1,
        functionErrorShare: 0.25,
        oldestMessageSeconds: 900,
        oldestLogFileSeconds: 3600,
        skippedShare: 0.98,
        invalidShare: 0.01,
      },
      rollbackOn: ['consensus-failure-rate', 'scorer-failure-rate', 'function-errors'],
      ...dev,
    });
  });

  it.each(['staging', 'prod'])('says what %s lacks before it can be deployed', (name) => {
    expect(() => selectEnvironment(name, ENVIRONMENTS)).toThrow(
      `environment "${name}" in infra/environments.ts: ` +
        'account: required if data is retained (the 12 digits of its account); ' +
        'region: required if data is retained (such as eu-central-1); ' +
        'alarmTargets: required if data is retained (an e-mail address, an https URL or the ARN of an SNS topic); ' +
        'runbookUrl: required if data is retained (the URL of docs/alarms.md)',
    );
  });

  it('accepts every kind of alarm target', () => {
    const alarmTargets = [
      'soc@example.com',
      'https://alerts.example.com/hook?team=soc',
      'arn:aws:sns:eu-central-1:111122223333:soc',
    ];

    expect(siteEnvironment('prod', { alarmTargets }).alarmTargets).toEqual(alarmTargets);
  });

  it.each<[string, unknown, string]>([
    ['none', undefined, 'which environment? Use -c env=NAME with one of dev, staging, prod'],
    ['an empty one', '', 'which environment? Use -c env=NAME with one of dev, staging, prod'],
    [
      'an unknown one',
      'production',
      'there is no environment "production" in infra/environments.ts; there are dev, staging, prod',
    ],
    [
      'a property that all objects have',
      'constructor',
      'there is no environment "constructor" in infra/environments.ts; there are dev, staging, prod',
    ],
  ])('given %s, names those that there are', (_, name, message) => {
    expect(() => selectEnvironment(name, ENVIRONMENTS)).toThrow(message);
  });

  it.each<[string, object, string]>([
    ['an unknown key', { retention: 1 }, 'Unrecognized key: "retention"'],
    ['a missing key', { homeNetworks: undefined }, 'homeNetworks: '],
    [
      'a network that is none',
      { homeNetworks: ['192.0.2.0'] },
      'homeNetworks.0: expected a CIDR block such as 192.0.2.0/24',
    ],
    ['a retention out of range', { assessmentRetentionDays: 0 }, 'assessmentRetentionDays: '],
    [
      'a retention that CloudWatch lacks',
      { logRetentionDays: 8 },
      'logRetentionDays: expected one of 1, 3, 5, 7,',
    ],
    ['an unknown removal policy', { removalPolicy: 'keep' }, 'removalPolicy: '],
    ['too little concurrency', { maximumConcurrency: 1 }, 'maximumConcurrency: '],
    [
      'an alarm that takes nothing back',
      { rollbackOn: ['dead-letter-queue'] },
      'rollbackOn.0: expected one of consensus-failure-rate, ',
    ],
    ...[
      'uncertainty-rate',
      'average-score-high',
      'latency-critical',
      'messages-failed',
      'function-duration',
    ].map((key): [string, object, string] => [
      `${key}, which producers can set off with ordinary records`,
      { rollbackOn: [key] },
      'rollbackOn.0: expected one of consensus-failure-rate, scorer-failure-rate, function-errors',
    ]),
    ['no alarm that takes it back', { rollbackOn: [] }, 'rollbackOn: expected at least one of '],
    [
      'an alarm named twice',
      { rollbackOn: ['function-errors', 'function-errors'] },
      'rollbackOn: expected each alarm once',
    ],
    ['an account that is none', { account: '1234' }, 'account: expected the 12 digits of an account'],
    ['a region that is none', { region: 'Frankfurt' }, 'region: expected a region such as eu-central-1'],
    [
      'an alarm target that is none',
      { alarmTargets: ['security'] },
      'alarmTargets.0: expected an e-mail address, an https URL or the ARN of an SNS topic',
    ],
    [
      'alarms over plain HTTP',
      { alarmTargets: ['http://alerts.example.com'] },
      'alarmTargets.0: expected an e-mail address, an https URL',
    ],
    [
      'an alarm target named twice',
      { alarmTargets: ['soc@example.com', 'soc@example.com'] },
      'alarmTargets: expected each target once',
    ],
    [
      'more topics than an alarm has actions for',
      { alarmTargets: Array.from({ length: 5 }, (_, n) => `arn:aws:sns:eu-central-1:111122223333:soc-${n}`) },
      'alarmTargets: expected at most 4 SNS topics',
    ],
    [
      'a topic of another region',
      { region: 'eu-west-1', alarmTargets: ['arn:aws:sns:eu-central-1:111122223333:soc'] },
      'alarmTargets: expected a topic in eu-west-1, since alarms cannot notify other regions',
    ],
    [
      'a runbook that is no URL',
      { runbookUrl: 'docs/alarms.md' },
      'runbookUrl: expected the URL of docs/alarms.md',
    ],
    [
      'a runbook with an anchor',
      { runbookUrl: 'https://git.example.com/docs/alarms.md#alarms' },
      'runbookUrl: expected no anchor',
    ],
    ['a log format that Lambda lacks', { logFormat: 'xml' }, 'logFormat: '],
    ['a cap of nothing', { maximumWriteUnits: 0 }, 'maximumWriteUnits: '],
    ['a budget of nothing', { monthlyBudget: { usd: 0, costsOf: 'account' } }, 'monthlyBudget.usd: '],
    ['a budget of unknown costs', { monthlyBudget: { usd: 9 } }, 'monthlyBudget.costsOf: '],
    [
      'protection of what may be thrown away',
      { protectedStacks: ['Storage'] },
      'protectedStacks: must be empty if removalPolicy is destroy',
    ],
  ])('refuses %s in one line', (_, changes, reason) => {
    const select = () => selectEnvironment('dev', { dev: { ...dev, ...changes } });

    expect(select).toThrow(`environment "dev" in infra/environments.ts: `);
    expect(select).toThrow(reason);
    expect(select).not.toThrow('\n');
  });

  it('refuses a name that is no part of a stack name', () => {
    expect(() => selectEnvironment('Dev_1', { Dev_1: dev })).toThrow('lower-case letters and digits');
  });
});

describe("a site's own file", () => {
  const file = (environments: Record<string, Record<string, unknown>>) => ({
    name: 'site.json',
    environments,
  });
  const folderWith = (files: Record<string, string>) => {
    const folder = mkdtempSync(join(tmpdir(), 'site-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };

  it('is laid over what is tracked, key by key', () => {
    const site = file({ dev: { logLevel: 'DEBUG' } });

    expect(selectEnvironment('dev', ENVIRONMENTS, site)).toEqual({
      ...selectEnvironment('dev', ENVIRONMENTS),
      logLevel: 'DEBUG',
    });
    expect(selectEnvironment('dev', ENVIRONMENTS, file({}))).toEqual(selectEnvironment('dev', ENVIRONMENTS));
  });

  it('may list environments of its own, for which every key but the home networks has a default', () => {
    const site = file({ lab: { homeNetworks: [], removalPolicy: 'destroy' } });

    expect(selectEnvironment('lab', ENVIRONMENTS, site)).toMatchObject({
      name: 'lab',
      maximumConcurrency: 10,
    });
  });

  it.each<[string, string, Record<string, Record<string, unknown>>, string]>([
    [
      'a bad value',
      'dev',
      { dev: { memoryMegabytes: 1 } },
      'environment "dev" in site.json: memoryMegabytes: ',
    ],
    [
      'an unknown key',
      'dev',
      { dev: { memory: 1 } },
      'environment "dev" in site.json: settings: Unrecognized key',
    ],
    ['what is missing', 'lab', { lab: {} }, 'environment "lab" in site.json: homeNetworks: '],
    [
      'a mistake in what is tracked',
      'prod',
      { lab: {} },
      'environment "prod" in infra/environments.ts: account: required if data is retained',
    ],
    [
      'an unknown environment',
      'test',
      { lab: {} },
      'there is no environment "test" in site.json or infra/environments.ts; there are dev, staging, prod, lab',
    ],
  ])('has %s reported with the file and the key', (_, name, environments, message) => {
    const select = () => selectEnvironment(name, ENVIRONMENTS, file(environments));

    expect(select).toThrow(message);
    expect(select).not.toThrow('\n');
  });

  it('is the one that is named, else environments.local.json, else none', () => {
    const folder = folderWith({ 'environments.local.json': '{"dev":{}}', 'other.json': '{"lab":{}}' });

    expect(readSiteFile(undefined, folder)).toEqual({
      name: 'environments.local.json',
      environments: { dev: {} },
    });
    expect(readSiteFile('other.json', folder)).toEqual({ name: 'other.json', environments: { lab: {} } });
    expect(readSiteFile(join(folder, 'other.json'), tmpdir())?.environments).toEqual({ lab: {} });
    expect(readSiteFile('', folder)).toBeUndefined();
    expect(readSiteFile(undefined, folderWith({}))).toBeUndefined();
  });

  it.each([
    ['is not there', 'none.json', 'none.json cannot be read: ENOENT'],
    ['is no JSON', 'text.json', 'text.json is no JSON: '],
    [
      'is a list',
      'list.json',
      'list.json: expected an object with the settings of each environment by its name',
    ],
    ['has no settings', 'flat.json', 'flat.json: expected an object with the settings of each environment'],
  ])('is refused in one line where it %s', (_, name, message) => {
    const folder = folderWith({
      'text.json': '{"dev":\n\n oops',
      'list.json': '[]',
      'flat.json': '{"dev":1}',
    });
    const read = () => readSiteFile(name, folder);

    expect(read).toThrow(message);
    expect(read).not.toThrow('\n');
  });
});

describe('refuseOtherAccount', () => {
  const prod = siteEnvironment('prod');
  const own = { CDK_DEFAULT_ACCOUNT: '111122223333', CDK_DEFAULT_REGION: 'eu-central-1' };

  it.each([
    ['its own credentials', own],
    ['no credentials, whatever the default region is', { CDK_DEFAULT_REGION: 'us-east-1' }],
    ['no command line at all', {}],
  ])('takes %s', (_, credentials) => {
    expect(() => refuseOtherAccount(prod, credentials)).not.toThrow();
  });

  it.each([
    [
      'another account',
      { ...own, CDK_DEFAULT_ACCOUNT: '999999999999' },
      'environment "prod" belongs to account 111122223333, but these credentials belong to 999999999999; use a ' +
        'profile for 111122223333',
    ],
    [
      'another region',
      { ...own, CDK_DEFAULT_REGION: 'us-east-1' },
      `environment "prod" is in eu-central-1, but the shell's region is us-east-1; set AWS_REGION=eu-central-1`,
    ],
  ])('refuses %s in one line', (_, credentials, message) => {
    expect(() => refuseOtherAccount(prod, credentials)).toThrow(new EnvironmentError(message));
  });

  it('takes any account for an environment that states none', () => {
    const dev = siteEnvironment('dev');

    expect(() => refuseOtherAccount(dev, { ...own, CDK_DEFAULT_ACCOUNT: '999999999999' })).not.toThrow();
  });
});

describe('the app', () => {
  const app = async (context: object, variables: Record<string, string> = {}) => {
    const out = mkdtempSync(join(tmpdir(), 'no-environment-'));
    return await promisify(execFile)(process.execPath, ['infra/app.ts'], {
      cwd: ROOT,
      env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context), ...variables },
    });
  };

  it.each<[string, string, object?]>([
    ['test', 'there is no environment "test" in infra/environments.ts; there are dev, staging, prod'],
    ['prod', 'environment "prod" in infra/environments.ts: account: required if data is retained'],
    ['dev', 'missing.json cannot be read: ENOENT', { config: 'missing.json' }],
  ])('says in one line why it does not synthesize %s', async (env, message, context = {}) => {
    await expect(app({ env, ...context })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^${message}[^\\n]*\\n$`)),
    });
  });
});
