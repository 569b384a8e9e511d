import {
  DeleteParameterCommand,
  GetParameterHistoryCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { resetLines } from '../../../../../lib/cli/output/cutover/change-lines.ts';
import { makeReset, proposeReset } from '../../../../../lib/cli/use/cutover/reset-cutover.ts';
import type { SettingsTarget } from '../../../../../lib/cli/use/target/settings-target.ts';
import type { AlarmState } from '../../../../../lib/cutover/plan-change.ts';
import { bothParameters, NAMES } from '../../../../factories/stored-settings.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

interface Value {
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: Date;
  readonly Description?: string | undefined;
}

let values: Value[];
let initial: string | undefined;
const put = (Value: string, Description?: string) => {
  const Version = values.length + 1;
  values.push({ Value, Version, Description, LastModifiedDate: new Date(Version * 1_000) });
  return { Version };
};

beforeEach(() => {
  values = [];
  initial = '{"mode":"legacy"}';
  put('{"mode":"consensus","maliciousThreshold":0.9}');
  ssm.reset();
  ssm
    .on(GetParametersCommand)
    .callsFake(() =>
      bothParameters(values.at(-1), initial === undefined ? undefined : { Value: initial, Version: 1 }),
    );
  ssm.on(GetParameterHistoryCommand).callsFake(() => ({ Parameters: [...values] }));
  ssm.on(PutParameterCommand).callsFake((input: Value) => put(input.Value, input.Description));
  ssm.on(DeleteParameterCommand).callsFake(() => {
    values = [];
    return {};
  });
});

function targetWith(...states: readonly [AlarmState, ...AlarmState[]]): SettingsTarget {
  const left = [...states];
  const rollbackAlarm = vi.fn(async () => (left.length > 1 ? left.shift() : left[0]) ?? 'OK');
  return { client, names: NAMES, rollbackAlarm };
}

async function reset(target: SettingsTarget, reason = ''): Promise<void> {
  const proposed = await proposeReset(target, reason);
  if (proposed === undefined) throw new Error('there is nothing to reset');
  await makeReset(target, proposed);
}

describe('a reset', () => {
  it('shows what is lost and what comes instead, and notes the reason', async () => {
    const target = targetWith('ALARM');
    const proposed = await proposeReset(target, 'the trial is over');

    expect(proposed && resetLines(NAMES, proposed)).toEqual([
      '/settings will be deleted, with its history',
      '  from  consensus (version 1)',
      '  to    legacy (initial settings)',
      '        maliciousThreshold: 0.9 to 0.7',
      'Only the legacy scorer runs, and its score is used for all addresses.',
    ]);
    await makeReset(target, proposed as NonNullable<typeof proposed>);
    expect(ssm).toHaveReceivedCommandWith(PutParameterCommand, {
      Value: '{"mode":"legacy"}',
      Description: 'reset to legacy by command: the trial is over',
    });
    expect(values).toEqual([]);
    // Going back must not depend on reading the alarm.
    expect(target.rollbackAlarm).not.toHaveBeenCalled();
  });

  it('has nothing to do where nobody has set anything', async () => {
    values = [];

    expect(await proposeReset(targetWith('ALARM'), '')).toBeUndefined();
  });

  it.each([
    [undefined, 'nothing to go back to: /initial does not exist; deploy it first'],
    ['x', 'nothing to go back to: /initial is invalid: not JSON: "x"; deploy it first'],
  ])('is refused where the initial settings are %s', async (value, message) => {
    initial = value;

    await expect(proposeReset(targetWith('OK'), '')).rejects.toThrow(message);
  });

  it('is refused where there are no settings at all', async () => {
    values = [];
    initial = undefined;

    await expect(proposeReset(targetWith('OK'), '')).rejects.toThrow(
      'there is neither /settings nor /initial',
    );
  });

  it('leads out of settings that are invalid', async () => {
    put('nonsense');
    const proposed = await proposeReset(targetWith('OK'), '');

    expect(proposed && resetLines(NAMES, proposed)).toContain('  from  invalid (version 2)');
    await reset(targetWith('OK'));
    expect(values).toEqual([]);
  });

  it('says what somebody else has set meanwhile', async () => {
    const proposed = await proposeReset(targetWith('OK'), '');
    put('{"mode":"parallel","consensusPercent":5}');

    await expect(makeReset(targetWith('OK'), proposed as NonNullable<typeof proposed>)).rejects.toThrow(
      'not reset: someone else, or a rollback, has set it to parallel 5 % (version 2); check it and try again',
    );
  });

  it('says what is in force where it may not delete', async () => {
    ssm
      .on(DeleteParameterCommand)
      .rejects(
        Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }),
      );

    await expect(reset(targetWith('OK'))).rejects.toThrow(
      /^not reset, though the settings have the initial values now: could not delete the parameter \/settings: .*; check with/,
    );
  });
});

describe('a reset to initial settings that use the consensus', () => {
  beforeEach(() => {
    initial = '{"mode":"parallel","consensusPercent":50}';
    put('{"mode":"parallel","consensusPercent":5}');
  });

  it.each(['ALARM', 'INSUFFICIENT_DATA'] as const)('is refused while the alarm is %s', async (alarm) => {
    await expect(reset(targetWith(alarm))).rejects.toThrow(
      new RegExp(`^the rollback alarm is ${alarm}: wait until it is OK$`),
    );
  });

  it('is refused from legacy to consensus', async () => {
    initial = '{"mode":"consensus"}';
    put('{"mode":"legacy"}');

    await expect(reset(targetWith('OK'))).rejects.toThrow(/go to parallel first$/);
  });

  it('is made while the alarm is OK, and looked at once more', async () => {
    const target = targetWith('OK');
    await reset(target);

    expect(values).toEqual([]);
    expect(target.rollbackAlarm).toHaveBeenCalledTimes(2);
  });

  it('is taken back, by new settings, where the alarm went off meanwhile', async () => {
    await expect(reset(targetWith('OK', 'ALARM'))).rejects.toThrow(
      'the rollback alarm changed to ALARM at the same time: legacy is in force now (version 1)',
    );
    expect(values).toMatchObject([
      {
        Value: '{"mode":"legacy","consensusPercent":0}',
        Description:
          'rolled back from parallel 50 % (initial settings): the rollback alarm changed to ALARM at the same time',
      },
    ]);
  });

  it('says where the alarm could not be asked again', async () => {
    const states = ['OK'] as AlarmState[];
    const rollbackAlarm = async () => {
      const state = states.shift();
      if (state === undefined) throw new Error('no answer');
      return state;
    };

    await expect(reset({ client, names: NAMES, rollbackAlarm })).rejects.toThrow(
      'reset, but the rollback alarm could not be checked again (no answer)',
    );
  });
});
