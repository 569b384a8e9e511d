import {
  GetParameterHistoryCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlarmReading } from '../../../lib/cutover/alarm-reading.ts';
import { guardCutover } from '../../../lib/cutover/guard-cutover.ts';
import { bothParameters, NAMES } from '../../factories/stored-settings.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

/** The initial settings; undefined if there are none. */
let initial: string | undefined;
let history: { Value: string; Version: number; LastModifiedDate: Date; Description: string }[];
const put = (Value: string, Description = '', atMs = 1_000) =>
  history.push({ Value, Description, Version: history.length + 1, LastModifiedDate: new Date(atMs) });

beforeEach(() => {
  initial = '{"mode":"legacy"}';
  history = [];
  ssm.reset();
  ssm.on(GetParameterHistoryCommand).callsFake(() => ({ Parameters: [...history] }));
  ssm
    .on(GetParametersCommand)
    .callsFake(() =>
      bothParameters(history.at(-1), initial === undefined ? undefined : { Value: initial, Version: 1 }),
    );
  ssm.on(PutParameterCommand).callsFake(({ Value, Description }: { Value: string; Description: string }) => ({
    Version: put(Value, Description, 9_000),
  }));
});

const ON: AlarmReading = { state: 'ALARM', sinceMs: 2_000, causes: ['service-failures'] };
const OK: AlarmReading = { state: 'OK', sinceMs: 3_000, causes: [] };

const SCHEDULE = { id: 'event-1', 'detail-type': 'Scheduled Event' };
const CHANGE = { id: 'event-1', 'detail-type': 'Parameter Store Change' };
const wentOff = (atMs: number) => ({
  id: 'event-1',
  'detail-type': 'CloudWatch Alarm State Change',
  detail: {
    alarmName: 'service-rollback',
    state: { value: 'ALARM', timestamp: new Date(atMs).toISOString() },
  },
});

function guardWith(readAlarm: () => Promise<AlarmReading | undefined>) {
  const publish = vi.fn(async () => {});
  const guard = {
    service: 'service',
    client,
    names: NAMES,
    alarm: 'service-rollback',
    readAlarm,
    publish,
  };
  return { publish, run: (event: object) => guardCutover(guard, event) };
}

const reading = (alarm: AlarmReading | undefined) => guardWith(async () => alarm);
const failing = () =>
  guardWith(async () => {
    throw new Error('no answer');
  });

describe('a run of the rollback', () => {
  it.each([
    ['schedule', SCHEDULE],
    ['change', CHANGE],
    ['alarm', wentOff(2_000)],
  ])('takes the settings back while the alarm is on, whatever invoked it: %s', async (_, event) => {
    put('{"mode":"consensus"}');
    const { publish, run } = reading(ON);
    const { outcome } = await run(event);

    expect(outcome).toMatchObject({ status: 'rolled_back', version: 2, cutover: 'legacy' });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: '{"mode":"legacy","consensusPercent":0}',
      Description:
        'rolled back from consensus (version 1): service-rollback went off at 1970-01-01T00:00:02.000Z, set off by service-failures (event event-1)',
    });
    expect(publish).toHaveBeenCalledExactlyOnceWith({
      subject: 'service: rolled back to the legacy score',
      message: expect.stringContaining('set off by service-failures'),
    });
  });

  it.each([
    ['schedule', SCHEDULE],
    ['change', CHANGE],
  ])('that changes nothing publishes nothing: %s', async (_, event) => {
    for (const [value, alarm] of [
      ['{"mode":"consensus"}', OK],
      ['{"mode":"legacy"}', ON],
      ['{"mode":"consensus","forced":true}', { ...ON, sinceMs: 1_000 }],
    ] as const) {
      history = [];
      put(value);
      const { publish, run } = reading(alarm);
      const { outcome, notice } = await run(event);

      expect(['stayed', 'forced']).toContain(outcome.status);
      expect(notice).toBeUndefined();
      expect(publish).not.toHaveBeenCalled();
    }
    expect(ssm).not.toHaveReceivedCommand(PutParameterCommand);
  });

  it('that an alarm invoked says why nothing was rolled back', async () => {
    put('{"mode":"consensus"}');
    const { publish, run } = reading(OK);
    await run(wentOff(2_000));

    expect(publish).toHaveBeenCalledExactlyOnceWith({
      subject: 'service: alarm, and NOT rolled back (consensus)',
      message: expect.stringContaining('the alarm is no longer on'),
    });
    expect(ssm).not.toHaveReceivedCommand(PutParameterCommand);
  });

  it.each([OK, undefined])(
    'believes an event that is newer than what CloudWatch describes: %j',
    async (alarm) => {
      put('{"mode":"consensus"}');

      expect((await reading(alarm).run(wentOff(3_001))).alarm).toEqual({
        name: 'service-rollback',
        atMs: 3_001,
        causes: [],
      });
      expect(history).toHaveLength(2);
    },
  );

  it('that an alarm invoked leaves it to another run to say that it has rolled back', async () => {
    const BACK = '{"mode":"legacy","consensusPercent":0}';
    for (const [atMs, description, notices] of [
      [2_000, 'rolled back from consensus', 0],
      [1_999, 'rolled back from consensus', 1],
      [2_000, 'set to legacy by command', 1],
    ] as const) {
      history = [];
      put('{"mode":"consensus"}');
      put(BACK, description, atMs);
      const { publish, run } = reading(ON);
      await run(wentOff(2_000));

      expect(publish).toHaveBeenCalledTimes(notices);
    }
  });

  it('acts on the event of an alarm that nobody can ask for, and fails otherwise', async () => {
    put('{"mode":"consensus"}');

    for (const event of [SCHEDULE, CHANGE]) await expect(failing().run(event)).rejects.toThrow('no answer');
    expect(history).toHaveLength(1);
    expect((await failing().run(wentOff(2_000))).outcome.status).toBe('rolled_back');
  });

  it('changes nothing while the alarm has too little data', async () => {
    put('{"mode":"consensus"}');

    const { alarm, outcome } = await reading({ ...OK, state: 'INSUFFICIENT_DATA' }).run(SCHEDULE);
    expect({ alarm, status: outcome.status }).toEqual({ alarm: undefined, status: 'stayed' });
  });

  it('changes nothing where nobody has set anything and the initial settings are legacy', async () => {
    const { publish, run } = reading(ON);
    const { outcome } = await run(wentOff(2_000));

    expect(outcome).toEqual({
      status: 'stayed',
      source: 'initial',
      version: 1,
      cutover: 'legacy',
      usesConsensus: false,
    });
    expect(publish).toHaveBeenCalledExactlyOnceWith({
      subject: 'service: alarm, and nothing to roll back (legacy)',
      message: expect.stringContaining('/settings has not been set, so the initial settings stay in force'),
    });
    expect(ssm).not.toHaveReceivedCommand(PutParameterCommand);
  });

  it('sets others where the initial settings use the consensus, and never over somebody else’s', async () => {
    initial = '{"mode":"consensus"}';
    const { outcome } = await reading(ON).run(SCHEDULE);

    expect(outcome).toMatchObject({
      status: 'rolled_back',
      source: 'operator',
      version: 1,
      cutover: 'legacy',
    });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: '{"mode":"legacy","consensusPercent":0}',
      Description: expect.stringContaining('rolled back from consensus (initial settings): '),
      Overwrite: false,
      Type: 'String',
    });
  });

  it('fails where there are no settings at all: it would guard nothing', async () => {
    initial = undefined;

    await expect(reading(OK).run(SCHEDULE)).rejects.toThrow('there is neither /settings nor /initial');
  });

  it.each([
    ['legacy', '{"mode":"legacy"}', 'legacy', false],
    ['a shadow', '{"mode":"parallel"}', 'parallel 0 %', false],
    ['a canary', '{"mode":"parallel","consensusPercent":5}', 'parallel 5 %', true],
    ['the consensus', '{"mode":"consensus"}', 'consensus', true],
    ['what nobody understands', 'not JSON', 'invalid', true],
  ])('says what it saw: %s', async (_, value, cutover, usesConsensus) => {
    put('{}');
    put(value);

    const { outcome, trigger, notice } = await reading(OK).run(SCHEDULE);

    expect(outcome).toEqual({ status: 'stayed', source: 'operator', version: 2, cutover, usesConsensus });
    expect([trigger, notice]).toEqual([{ kind: 'schedule', id: 'event-1' }, undefined]);
  });

  it('finds its own write among later ones, and no legacy value that somebody wrote before', async () => {
    put('{"mode":"legacy"}', 'rolled back from consensus (version 0): why (event event-1)');
    put('{"mode":"consensus"}', 'set to consensus by command');

    const { outcome } = await reading(OK).run({ ...SCHEDULE, id: 'event-2' });

    expect(outcome).toMatchObject({ status: 'stayed', version: 2 });
  });

  it('does not take for its own write a consensus that somebody put under its description', async () => {
    put('{"mode":"consensus"}');
    await reading(ON).run(SCHEDULE);
    // SSM keeps the former description if a write has none.
    put('{"mode":"consensus"}', history[1]?.Description);

    const { outcome } = await reading(OK).run(SCHEDULE);

    expect(outcome).toMatchObject({ status: 'rolled_back', version: 3, written: { version: 2 } });
  });

  it('fails where there is no such alarm', async () => {
    put('{"mode":"consensus"}');

    await expect(reading(undefined).run(SCHEDULE)).rejects.toThrow('there is no alarm service-rollback');
  });

  it('publishes what an interrupted attempt did, even if the alarm is over', async () => {
    put('{"mode":"consensus"}');
    const killed = reading(ON);
    killed.publish.mockRejectedValueOnce(new Error('killed'));
    await expect(killed.run(SCHEDULE)).rejects.toThrow('killed');

    const { publish, run } = reading(OK);
    await run(SCHEDULE);
    await run({ ...SCHEDULE, id: 'event-2' });

    expect(publish).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ subject: 'service: rolled back to the legacy score' }),
    );
    expect(history).toHaveLength(2);
  });

  it('keeps at it while answers are lost, and fails where writing never works', async () => {
    put('{"mode":"consensus"}');
    ssm.on(PutParameterCommand).rejects(new Error('no answer to the write'));

    await expect(reading(ON).run(SCHEDULE)).rejects.toThrow('could not write the parameter /settings');
    expect(ssm).toHaveReceivedCommandTimes(PutParameterCommand, 5);
  });

  it('says what came of its last write where it gives up', async () => {
    put('{"mode":"consensus"}');
    let writes = 0;
    ssm.on(PutParameterCommand).callsFake(() => {
      put('{"mode":"consensus"}');
      if (++writes < 5) throw new Error('no answer');
      return {};
    });

    await expect(reading(ON).run(SCHEDULE)).rejects.toThrow('/settings keeps being overwritten');
  });

  it('recognizes its own write whatever answer came to it', async () => {
    put('{"mode":"consensus"}');
    ssm.on(PutParameterCommand).callsFake(({ Value, Description }) => {
      put(Value, Description, 9_000);
      throw new Error('no answer');
    });

    const { outcome } = await reading(ON).run(SCHEDULE);

    expect(outcome).toMatchObject({ status: 'rolled_back', version: 2, written: { version: 2 } });
    expect(ssm).toHaveReceivedCommandTimes(PutParameterCommand, 1);
  });

  it('leaves somebody who never stops writing to the next run', async () => {
    put('{"mode":"consensus"}');
    ssm.on(PutParameterCommand).callsFake(() => ({ Version: put('{"mode":"consensus"}') }));

    await expect(reading(ON).run(SCHEDULE)).rejects.toThrow('/settings keeps being overwritten');
    expect(ssm).toHaveReceivedCommandTimes(PutParameterCommand, 5);
  });

  it('has a description that SSM takes, and recognizes it', async () => {
    put('{"mode":"consensus"}');
    const causes = Array.from({ length: 200 }, (_, n) => `service-alarm-${n}`);
    await reading({ ...ON, causes }).run(SCHEDULE);

    expect(history[1]?.Description).toHaveLength(1_024);
    expect((await reading(OK).run(SCHEDULE)).outcome.status).toBe('rolled_back');
  });
});
