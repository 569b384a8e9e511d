import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CliError } from '../../../lib/cli/cli-error.ts';
import { makeChange, proposeChange } from '../../../lib/cli/cutover/set-cutover.ts';
import type { SettingsTarget } from '../../../lib/cli/cutover/settings-target.ts';
import type { AlarmState } from '../../../lib/cutover/plan-change.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

function targetWith(alarm: AlarmState): SettingsTarget {
  return { client, name: '/settings', rollbackAlarm: vi.fn(async () => alarm) };
}

beforeEach(() => {
  ssm.reset();
  ssm.on(GetParameterCommand).resolves({
    Parameter: { Value: '{"mode":"parallel","consensusPercent":10}', Version: 4 },
  });
  ssm.on(PutParameterCommand).resolves({ Version: 5 });
});

describe('an environment with a rollback alarm', () => {
  it.each(['ALARM', 'INSUFFICIENT_DATA'] as const)('goes no further while it is %s', async (alarm) => {
    const wanted = { mode: 'parallel', percent: 20, isForced: true, reason: '' } as const;

    await expect(proposeChange(targetWith(alarm), wanted)).rejects.toThrow(
      new CliError(
        `the rollback alarm is ${alarm}: it acts only when it changes, so nothing would take this back`,
      ),
    );
  });

  it.each(['OK', 'ALARM'] as const)('goes back while it is %s', async (alarm) => {
    const target = targetWith(alarm);
    const change = await proposeChange(target, { mode: 'legacy', isForced: false, reason: 'too many flips' });

    expect(await makeChange(target, change)).toBe(5);
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: expect.stringContaining('"mode":"legacy","consensusPercent":0'),
      Description: 'set to legacy by command: too many flips',
      Overwrite: true,
      Type: 'String',
    });
  });

  it('goes back although nobody can be asked for it', async () => {
    const target: SettingsTarget = {
      ...targetWith('OK'),
      rollbackAlarm: vi.fn(async () => {
        throw new Error('no answer');
      }),
    };
    const change = await proposeChange(target, { mode: 'legacy', isForced: false, reason: '' });

    expect(await makeChange(target, change)).toBe(5);
    expect(target.rollbackAlarm).not.toHaveBeenCalled();
  });

  // The event of such an alarm is older than the change, so that the rollback leaves the change alone.
  it('goes back at once where it went off between the look at it and the write', async () => {
    const states: AlarmState[] = ['OK', 'ALARM'];
    const target: SettingsTarget = {
      ...targetWith('OK'),
      rollbackAlarm: vi.fn(async () => states.shift() ?? 'OK'),
    };
    const old = '{"mode":"parallel","consensusPercent":10}';
    ssm
      .on(GetParameterCommand)
      .resolvesOnce({ Parameter: { Value: old, Version: 4 } })
      .resolvesOnce({ Parameter: { Value: old, Version: 4 } })
      .resolves({ Parameter: { Value: '{"mode":"consensus"}', Version: 5 } });
    ssm.on(PutParameterCommand).resolvesOnce({ Version: 5 }).resolvesOnce({ Version: 6 });
    const change = await proposeChange(target, { mode: 'consensus', isForced: false, reason: '' });

    await expect(makeChange(target, change)).rejects.toThrow(
      new CliError('the rollback alarm came to ALARM at the same time: version 4 is in force again'),
    );
    expect(ssm).toHaveReceivedLastCommandWith(PutParameterCommand, {
      Value: old,
      Description: 'puts version 4 back: the rollback alarm came to ALARM at the same time',
    });
  });

  it('goes forward while it is OK', async () => {
    const change = await proposeChange(targetWith('OK'), { mode: 'consensus', isForced: false, reason: '' });

    expect(change).toMatchObject({
      before: { version: 4 },
      from: { mode: 'parallel', consensusPercent: 10 },
      to: { mode: 'consensus', consensusPercent: 100 },
      description: 'set to consensus by command',
    });
  });
});
