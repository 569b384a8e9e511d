import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../infra/environments.ts';
import { selectEnvironment } from '../../infra/select-environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { dev } = ENVIRONMENTS;

describe('selectEnvironment', () => {
  it.each(Object.keys(ENVIRONMENTS))('accepts %s as it is', (name) => {
    expect(selectEnvironment(name, ENVIRONMENTS)).toEqual({ name, ...ENVIRONMENTS[name] });
  });

  it.each<[string, unknown, string]>([
    ['none', undefined, 'which environment? Give -c env=NAME, one of dev, staging, prod'],
    ['an empty one', '', 'which environment? Give -c env=NAME, one of dev, staging, prod'],
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
    ['a missing key', { logLevel: undefined }, 'logLevel: '],
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
    ['no alarm that takes it back', { rollbackOn: [] }, 'rollbackOn: expected at least one of '],
    [
      'an alarm named twice',
      { rollbackOn: ['function-errors', 'function-errors'] },
      'rollbackOn: expected each alarm once',
    ],
    ['a mail address that is none', { alarmEmail: 'security' }, 'alarmEmail: '],
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

it('the app says in one line that it does not know an environment', async () => {
  const out = mkdtempSync(join(tmpdir(), 'no-environment-'));
  const synthesis = promisify(execFile)(process.execPath, ['infra/app.ts'], {
    cwd: ROOT,
    env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: '{"env":"test"}' },
  });

  await expect(synthesis).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'there is no environment "test" in infra/environments.ts; there are dev, staging, prod\n',
  });
});
