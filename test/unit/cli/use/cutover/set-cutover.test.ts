import {
  GetParameterHistoryCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CliError } from '../../../../../lib/cli/cli-error.ts';
import { proposalLines } from '../../../../../lib/cli/output/cutover/change-lines.ts';
import {
  makeChange,
  proposeChange,
  type WantedCutover,
} from '../../../../../lib/cli/use/cutover/set-cutover.ts';
import type { SettingsTarget } from '../../../../../lib/cli/use/target/settings-target.ts';
import type { AlarmState } from '../../../../../lib/cutover/plan-change.ts';
import { bothParameters, NAMES } from '../../../../factories/stored-settings.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);
const INITIAL = { Value: '{"mode":"legacy"}', Version: 1 };
const OLD = '{"mode":"parallel","consensusPercent":10}';

/** The parameter's values; a test may change them between calls. */
let values: { Value: string; Version: number; LastModifiedDate: Date; Description: string }[];
let onPut: () => void;
const put = (Value: string, Description = '') =>
  values.push({ Value, Description, Version: values.length + 1, LastModifiedDate: new Date(values.length) });
const inForce = () => JSON.parse(values.at(-1)?.Value ?? '') as object;

beforeEach(() => {
  values = [];
  onPut = () => {};
  put(OLD);
  ssm.reset();
  ssm.on(GetParametersCommand).callsFake(() => bothParameters(values.at(-1), INITIAL));
  ssm.on(GetParameterHistoryCommand).callsFake(() => ({ Parameters: [...values] }));
  ssm.on(PutParameterCommand).callsFake((input: { Value: string; Description: string }) => {
    put(input.Value, input.Description);
    onPut();
    return { Version: values.length };
  });
});

/** An alarm that goes through these states; the last one stays. */
function targetWith(...states: readonly [AlarmState, ...AlarmState[]]): SettingsTarget {
  const left = [...states];
  const rollbackAlarm = vi.fn(async () => (left.length > 1 ? left.shift() : left[0]) ?? 'OK');
  return { client, names: NAMES, rollbackAlarm };
}

const wanted = (mode: WantedCutover['mode'], changes: Partial<WantedCutover> = {}): WantedCutover => ({
  mode,
  isForced: false,
  reason: '',
  ...changes,
});

const set = async (target: SettingsTarget, asked: WantedCutover) =>
  await makeChange(target, await proposeChange(target, asked));

describe('an environment with a rollback alarm', () => {
  it.each(['ALARM', 'INSUFFICIENT_DATA'] as const)('goes no further while it is %s', async (alarm) => {
    await expect(proposeChange(targetWith(alarm), wanted('parallel', { percent: 20 }))).rejects.toThrow(
      new CliError(`the rollback alarm is ${alarm}: wait until it is OK, or use --force`),
    );
  });

  it.each(['OK', 'ALARM'] as const)('goes back while it is %s', async (alarm) => {
    expect(await set(targetWith(alarm), wanted('legacy', { reason: 'too many flips' }))).toBe(2);
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: expect.stringContaining('"mode":"legacy","consensusPercent":0'),
      Description: 'set to legacy by command: too many flips',
      Overwrite: true,
      Type: 'String',
    });
  });

  it.each([false, true])('goes back although nobody can be asked for it, forced: %s', async (isForced) => {
    const rollbackAlarm = vi.fn(async () => {
      throw new Error('no answer');
    });

    expect(await set({ ...targetWith('OK'), rollbackAlarm }, wanted('legacy', { isForced }))).toBe(2);
    expect(rollbackAlarm).not.toHaveBeenCalled();
  });

  it('goes forward while it is OK, and looks once more', async () => {
    const target = targetWith('OK');
    const change = await proposeChange(target, wanted('consensus'));

    expect(change).toMatchObject({
      before: { version: 1, source: 'operator' },
      from: { mode: 'parallel', consensusPercent: 10 },
      to: { mode: 'consensus', consensusPercent: 100 },
      description: 'set to consensus by command',
    });
    expect(change.to).not.toHaveProperty('forced');
    expect(await makeChange(target, change)).toBe(2);
    expect(target.rollbackAlarm).toHaveBeenCalledTimes(2);
  });

  it.each(['ALARM', 'INSUFFICIENT_DATA'] as const)(
    'goes back to legacy at once where it came to %s while a step forward was written',
    async (alarm) => {
      const wantedThen = wanted('parallel', { percent: 90 });

      await expect(set(targetWith('OK', alarm), wantedThen)).rejects.toThrow(
        new CliError(
          `the rollback alarm changed to ${alarm} at the same time: legacy is in force now (version 3)`,
        ),
      );
      expect(inForce()).toMatchObject({ mode: 'legacy', consensusPercent: 0 });
      expect(values[2]?.Description).toBe(
        `rolled back from parallel 90 % (version 2): the rollback alarm changed to ${alarm} at the same time`,
      );
    },
  );

  it('leaves what somebody forces meanwhile', async () => {
    const target = targetWith('OK', 'ALARM');
    ssm.on(GetParameterHistoryCommand).callsFake(() => {
      if (values.length === 2) put('{"mode":"consensus","forced":true}');
      return { Parameters: [...values] };
    });

    await expect(set(target, wanted('parallel', { percent: 90 }))).rejects.toThrow(
      'the rollback alarm changed to ALARM at the same time: consensus is in force now (version 3)',
    );
  });

  it('says what is in force where it cannot be asked again', async () => {
    const states = ['OK'] as AlarmState[];
    const rollbackAlarm = async () => {
      const state = states.shift();
      if (state === undefined) throw new Error('no answer');
      return state;
    };

    await expect(set({ ...targetWith('OK'), rollbackAlarm }, wanted('consensus'))).rejects.toThrow(
      'changed (version 2), but the rollback alarm could not be checked again (no answer)',
    );
  });

  it('says that going back failed', async () => {
    ssm.on(GetParameterHistoryCommand).rejects(new Error('no answer'));

    await expect(set(targetWith('OK', 'ALARM'), wanted('consensus'))).rejects.toThrow(
      /changed to ALARM at the same time, and going back to legacy failed \(.*no answer\).*cutover set legacy/,
    );
  });

  it('takes no step back for an alarm', async () => {
    const target = targetWith('ALARM');

    expect(await set(target, wanted('parallel', { percent: 5 }))).toBe(2);
    expect(target.rollbackAlarm).not.toHaveBeenCalled();
  });
});

describe('force', () => {
  it.each(['ALARM', 'INSUFFICIENT_DATA'] as const)(
    'overrides the alarm in %s, which is recorded',
    async (alarm) => {
      const target = targetWith(alarm);
      const change = await proposeChange(target, wanted('consensus', { isForced: true, reason: 'a drill' }));

      expect(proposalLines(NAMES, change).at(-1)).toMatch(/^Forced: /);
      expect(await makeChange(target, change)).toBe(2);
      expect(inForce()).toMatchObject({ mode: 'consensus', forced: true });
      expect(values[1]?.Description).toBe(
        `set to consensus by command by force (rollback alarm: ${alarm}): a drill`,
      );
      expect(target.rollbackAlarm).toHaveBeenCalledTimes(1);
    },
  );

  it('is recorded for a step back that still uses the consensus', async () => {
    await set(targetWith('ALARM'), wanted('parallel', { percent: 5, isForced: true }));

    expect(inForce()).toMatchObject({ consensusPercent: 5, forced: true });
  });

  it('is recorded where nobody knows of an alarm', async () => {
    await set({ client, names: NAMES }, wanted('consensus', { isForced: true }));

    expect(inForce()).toMatchObject({ forced: true });
    expect(values[1]?.Description).toBe('set to consensus by command by force (rollback alarm: not known)');
  });

  it.each([
    ['consensus', undefined, 'OK'],
    ['parallel', 5, 'OK'],
    ['parallel', 0, 'ALARM'],
    ['legacy', undefined, 'ALARM'],
  ] as const)('is not recorded for %s %s while the alarm is %s', async (mode, percent, alarm) => {
    await set(targetWith(alarm), wanted(mode, { percent, isForced: true }));

    expect(inForce()).not.toHaveProperty('forced');
    expect(values[1]?.Description).not.toContain('force');
  });

  it('does not keep a step forward from being taken back where the alarm was OK', async () => {
    await expect(set(targetWith('OK', 'ALARM'), wanted('consensus', { isForced: true }))).rejects.toThrow(
      'legacy is in force now',
    );
  });

  it('is dropped by the next change', async () => {
    put('{"mode":"parallel","consensusPercent":10,"forced":true,"brake":1}');
    const change = await proposeChange(targetWith('OK'), wanted('parallel', { percent: 20 }));

    expect(proposalLines(NAMES, change)).toHaveLength(4);
    await makeChange(targetWith('OK'), change);
    expect(inForce()).toMatchObject({ consensusPercent: 20, brake: 1 });
    expect(inForce()).not.toHaveProperty('forced');
  });
});

describe('the first settings', () => {
  beforeEach(() => {
    values = [];
  });

  it('begin with what the initial ones say, and are created', async () => {
    ssm
      .on(GetParametersCommand)
      .callsFake(() => bothParameters(values.at(-1), { Value: '{"minScorers":3,"brake":1}', Version: 4 }));
    const change = await proposeChange(targetWith('OK'), wanted('parallel'));

    expect(change).toMatchObject({ before: { source: 'initial', version: 4 }, from: { minScorers: 3 } });
    expect(proposalLines(NAMES, change)).toContain('  from  legacy (initial settings)');
    expect(await makeChange(targetWith('OK'), change)).toBe(1);
    expect(ssm).toHaveReceivedCommandWith(PutParameterCommand, { Overwrite: false });
    expect(inForce()).toMatchObject({ mode: 'parallel', minScorers: 3, brake: 1 });
  });

  it('are created where not even initial ones are there, from the defaults', async () => {
    ssm.on(GetParametersCommand).callsFake(() => bothParameters(values.at(-1)));
    const change = await proposeChange(targetWith('OK'), wanted('parallel'));

    expect(proposalLines(NAMES, change)).toContain('  from  legacy (no settings)');
    expect(await makeChange(targetWith('OK'), change)).toBe(1);
    expect(inForce()).toMatchObject({ mode: 'parallel', minScorers: 2 });
  });

  it('are those of whoever is faster', async () => {
    const change = await proposeChange(targetWith('OK'), wanted('parallel'));
    ssm.on(PutParameterCommand).callsFake(() => {
      put('{"mode":"parallel","consensusPercent":5}');
      throw Object.assign(new Error('no'), {
        name: 'ParameterAlreadyExists',
        $metadata: { httpStatusCode: 400 },
      });
    });

    await expect(makeChange(targetWith('OK'), change)).rejects.toThrow(
      'not changed: someone else, or a rollback, has set it to parallel 5 % (version 1); check it and try again',
    );
  });

  it('are not made where somebody has reset the settings meanwhile', async () => {
    put(OLD);
    const change = await proposeChange(targetWith('OK'), wanted('consensus'));
    values = [];

    await expect(makeChange(targetWith('OK'), change)).rejects.toThrow(
      'not changed: someone else, or a rollback, has set it to legacy (initial settings); check it and try again',
    );
  });
});

describe('what a change says', () => {
  it('is that somebody was faster', async () => {
    const change = await proposeChange(targetWith('OK'), wanted('consensus'));
    put('{"mode":"legacy"}');

    await expect(makeChange(targetWith('OK'), change)).rejects.toThrow(
      'not changed: someone else, or a rollback, has set it to legacy (version 2); check it and try again',
    );
    expect(values).toHaveLength(2);
  });

  it.each([
    ['{"mode":"legacy"}', 'legacy'],
    ['{"mode":"consensus","consensusPercent":100,"forced":true}', 'consensus'],
    ['{"mode":"parallel","consensusPercent":30}', 'parallel 30 %'],
    ['nonsense', 'invalid'],
  ])('is that %s is in force', async (value, text) => {
    onPut = () => {
      onPut = () => {};
      put(value);
    };

    await expect(set(targetWith('OK'), wanted('consensus'))).rejects.toThrow(
      `not in force: at the same time someone else, or a rollback, set it to ${text} (version 3)`,
    );
  });

  it('is success where somebody changed something else at the same time', async () => {
    onPut = () => put('{"mode":"consensus","consensusPercent":100,"minScorers":3}');

    expect(await set(targetWith('OK'), wanted('consensus'))).toBe(3);
  });

  it.each([
    [
      'the old value is there',
      OLD,
      'they were last seen as parallel 10 % (version 1); check with `threat-consensus cutover`',
    ],
    ['nothing can be read', undefined, 'could not read the parameters /settings and /initial'],
  ])('is that nobody knows where no answer came and %s', async (_, shown, message) => {
    const change = await proposeChange(targetWith('OK'), wanted('consensus'));
    ssm.on(PutParameterCommand).callsFake(() => {
      if (shown === undefined) ssm.on(GetParametersCommand).rejects(new Error('no answer'));
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    });

    const complaint = makeChange(targetWith('OK'), change);
    await expect(complaint).rejects.toThrow('it is not known whether the settings were changed: could not ');
    await expect(complaint).rejects.toThrow(message);
  });
});
