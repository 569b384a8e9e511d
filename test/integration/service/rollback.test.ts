import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { METRICS } from '../../../lib/telemetry/metric-names.ts';
import { callWith, ONE_LINE_ERROR, variablesOf } from '../../fixtures/cli/calls.ts';
import { rollbackFunction } from '../../fixtures/deployed-service.ts';
import { contents } from '../../fixtures/service/connections.ts';
import { currentValue } from '../../fixtures/service/current-value.ts';
import { CutoverStage } from '../../fixtures/service/cutover-stage.ts';
import { readQueue } from '../../fixtures/service/queue-contents.ts';
import { type RollbackService, startRollbackService } from '../../fixtures/service/rollback-service.ts';
import { storedContents } from '../../fixtures/service/table-contents.ts';

describe('a cutover that goes wrong', () => {
  let stage: CutoverStage;

  beforeAll(async () => {
    stage = await CutoverStage.start();
  });

  afterAll(async () => await stage?.stop());

  it('is taken back by itself within a minute of the alarm, and made again when the alarm is over', async () => {
    // An operator moves half of the addresses, through a shadow.
    expect(await stage.call('cutover', 'set', 'parallel', '--yes')).toMatchObject({ end: 0, stderr: '' });
    const forward = ['cutover', 'set', 'parallel', '--percent', '50', '--yes'] as const;
    expect(await stage.call(...forward)).toMatchObject({ end: 0, stderr: '' });
    const { value: before, version } = await stage.settings();
    for (let minute = 0; minute < 5; minute++) await stage.minute();
    const healthy = await stage.scoredBy(await stage.minute());

    expect(Object.keys(healthy).sort()).toEqual(['consensus', 'legacy']);
    expect(stage.alarm).toBe('OK');

    // A scorer breaks: after two of three five-minute periods the fault counts as lasting.
    stage.breakScorer();
    const minutesToAlarm = await stage.minutesUntil('ALARM');
    const rolledBack = await stage.settings();
    const next = await stage.minute();

    expect(minutesToAlarm).toBeLessThanOrEqual(15);
    expect(rolledBack).toEqual({
      value: { ...before, mode: 'legacy', consensusPercent: 0 },
      version: version + 1,
    });
    expect(await stage.scoredBy(next)).toEqual({ legacy: next.records.length });
    expect(next.metrics).toMatchObject({ [METRICS.cutoverMode]: 0, [METRICS.consensusAssessments]: 0 });
    const told = stage.stack.notifications.filter(({ subject }) => subject.includes('rolled back'));
    expect(told).toEqual([
      {
        topic: stage.stack.notifications[0]?.topic,
        subject: 'threat-consensus-dev: rolled back to the legacy score',
        message: expect.stringContaining('rolled back from parallel 50 % (version 2)'),
      },
    ]);
    const history = await stage.call('cutover', 'history', '--limit', '1');
    expect(history.stdout).toContain(`v${version + 1}`);
    expect(history.stdout).toMatch(
      /rolled back from parallel 50 % \(version 2\): threat-consensus-dev-rollback went off at .+, set off by threat-consensus-dev-scorer-failure-rate/,
    );

    // Going forward is refused as long as it would be rolled back.
    const refused = await stage.call(...forward);
    expect(refused).toMatchObject({ end: 1, stdout: '' });
    expect(refused.stderr).toMatch(ONE_LINE_ERROR);
    expect(refused.stderr).toContain('the rollback alarm is ALARM');
    expect((await stage.settings()).version).toBe(version + 1);

    // Fixed: the same command works, and the consensus scores again.
    stage.mendScorer();
    await stage.minutesUntil('OK');
    expect(await stage.call(...forward)).toMatchObject({ end: 0, stderr: '' });
    const again = await stage.scoredBy(await stage.minute());

    expect(again).toEqual(healthy);
    expect(stage.alarm).toBe('OK');

    // Nothing was lost, and nothing is stored twice.
    expect(await storedContents(stage.table)).toEqual(contents(stage.pushed));
    const { work, rejected, deadLetter } = await stage.stack.queueDepths();
    expect([work, rejected, deadLetter]).toEqual(Array(3).fill({ visible: 0, inFlight: 0 }));
  }, 60_000);
});

describe('the rollback alarm', () => {
  let service: RollbackService;

  beforeAll(async () => {
    service = await startRollbackService();
  });

  afterAll(async () => await service?.stop());

  beforeEach(async () => {
    await service.setAlarm(false);
  });

  const current = () => currentValue(service.stack.clients.ssm, service.stack.names.settingsParameter);

  const told = (before: number) =>
    service.stack.notifications
      .slice(before)
      .map(({ subject }) => subject)
      .filter((subject) => subject.startsWith('threat-consensus-dev: '));

  it.each([
    ['{"mode":"parallel","consensusPercent":1}', '{"mode":"legacy","consensusPercent":0}'],
    ['{"mode":"parallel","consensusPercent":100}', '{"mode":"legacy","consensusPercent":0}'],
    [
      '{"brake":{"on":true},"mode":"consensus","consensusPercent":100,"maliciousThreshold":0.9}',
      '{"brake":{"on":true},"mode":"legacy","consensusPercent":0,"maliciousThreshold":0.9}',
    ],
  ])('takes %s back, and keeps the rest', async (value, expected) => {
    const version = await service.put(value);
    const before = service.stack.notifications.length;
    await service.setAlarm(true);

    expect(await current()).toMatchObject({ value: expected, version: version + 1 });
    expect(told(before)).toEqual(['threat-consensus-dev: rolled back to the legacy score']);
  });

  it.each([
    ['{"mode":"legacy","consensusPercent":50}', 'legacy'],
    ['{"mode":"parallel","consensusPercent":0}', 'parallel 0 %'],
  ])('leaves %s as it is, and says so', async (value, cutover) => {
    const version = await service.put(value);
    const before = service.stack.notifications.length;
    await service.setAlarm(true);

    expect(await current()).toMatchObject({ value, version });
    expect(told(before)).toEqual([`threat-consensus-dev: alarm, and nothing to roll back (${cutover})`]);
  });

  it('takes back at once what is put past the command as long as it stays on', async () => {
    await service.setAlarm(true);
    const before = service.stack.notifications.length;
    const version = await service.put('{"mode":"consensus"}');
    await service.settled();

    expect(await current()).toMatchObject({
      value: '{"mode":"legacy","consensusPercent":0}',
      version: version + 1,
    });
    expect(told(before)).toEqual(['threat-consensus-dev: rolled back to the legacy score']);
  });

  it('leaves what is forced until it goes off another time', async () => {
    await service.setAlarm(true);
    const before = service.stack.notifications.length;
    const version = await service.put('{"mode":"consensus","forced":true}');
    await service.pass(30);
    const stillOn = await current();
    await service.setAlarm(false);
    await service.setAlarm(true);

    expect(stillOn).toMatchObject({ version });
    expect(await current()).toMatchObject({
      value: '{"mode":"legacy","consensusPercent":0}',
      version: version + 1,
    });
    expect(told(before)).toEqual(['threat-consensus-dev: rolled back to the legacy score']);
  });

  it('is overridden by force: what keeps it on holds up nobody who knows better', async () => {
    await service.put('{"mode":"legacy"}');
    await service.setAlarm(true);
    const call = callWith(variablesOf(service.stack));
    const forward = ['cutover', 'set', 'parallel', '--percent', '50', '--yes'];

    const refused = await call(...forward);
    const forced = await call(...forward, '--force');
    await service.pass(30);

    expect(refused).toMatchObject({ end: 1, stdout: '' });
    expect(refused.stderr).toContain('the rollback alarm is ALARM');
    expect(forced).toMatchObject({ end: 0, stderr: '' });
    expect(JSON.parse((await current()).value)).toMatchObject({
      mode: 'parallel',
      consensusPercent: 50,
      forced: true,
    });
  });

  it('is looked at every five minutes, and nobody is notified of that', async () => {
    await service.setAlarm(true);
    const before = service.stack.notifications.length;
    const looks = service.runs();
    for (let minute = 0; minute < 60; minute++) await service.pass(1);

    expect(service.runs() - looks).toBe(12);
    expect(told(before)).toEqual([]);
  });

  it('takes back what no event has come for, five minutes later at the latest', async () => {
    await service.setAlarm(true);
    service.loseChanges();
    const version = await service.put('{"mode":"consensus"}');
    await service.settled();
    const atFirst = await current();
    await service.pass(5);

    expect(atFirst).toMatchObject({ version });
    expect(await current()).toMatchObject({ version: version + 1 });
  });

  it('notifies its topic of every change', async () => {
    const before = service.stack.notifications.length;
    await service.setAlarm(true);
    await service.setAlarm(false);
    const subjects = service.stack.notifications.slice(before).map(({ subject }) => subject);

    expect(subjects).toEqual([
      'ALARM: "threat-consensus-dev-function-errors"',
      'ALARM: "threat-consensus-dev-rollback"',
      expect.stringContaining('nothing to roll back'),
      'OK: "threat-consensus-dev-function-errors"',
      'OK: "threat-consensus-dev-rollback"',
    ]);
  });

  it('has nothing to roll back where nobody has set anything, or after a reset', async () => {
    await service.put('{"mode":"consensus"}');
    const { ssm } = service.stack.clients;
    await ssm.send(new DeleteParameterCommand({ Name: service.stack.names.settingsParameter }));
    const before = service.stack.notifications.length;
    await service.setAlarm(true);

    await expect(current()).rejects.toThrow(ParameterNotFound);
    expect(told(before)).toEqual(['threat-consensus-dev: alarm, and nothing to roll back (legacy)']);
  });

  it('sets the settings to legacy where the initial ones use the consensus, as soon as they do', async () => {
    const { ssm } = service.stack.clients;
    const Name = service.stack.names.initialSettingsParameter;
    const initially = (Value: string) => ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
    await service.setAlarm(true);
    await initially('{"mode":"consensus","minScorers":3}');
    await service.settled();
    const rolledBack = await current();
    // The settings are deleted while the alarm stays on.
    await ssm.send(new DeleteParameterCommand({ Name: service.stack.names.settingsParameter }));
    await service.settled();

    const back = { value: '{"mode":"legacy","minScorers":3,"consensusPercent":0}', version: 1 };
    expect(rolledBack).toEqual(back);
    expect(await current()).toEqual(back);
    await initially('{"mode":"legacy"}');
  });

  it('has an alarm of its own that goes off when the way back fails, and its event is kept', async () => {
    const { ssm, sqs } = service.stack.clients;
    const { settingsParameter, initialSettingsParameter } = service.stack.names;
    await service.put('{"mode":"legacy"}');
    for (const Name of [settingsParameter, initialSettingsParameter]) {
      await ssm.send(new DeleteParameterCommand({ Name }));
    }
    await service.setAlarm(true);
    const queueUrl = service.stack.names.workQueueUrl.replace(/[^/]+$/, rollbackFunction().failures.name);
    await service.put('{"mode":"legacy"}');
    // Metrics of the failing period are evaluated when it is over.
    await service.pass(5);

    expect(service.stack.alarmState('threat-consensus-dev-rollback-failed')).toBe('ALARM');
    const kept = (await readQueue(sqs, queueUrl)).map(({ Body }) => JSON.parse(Body ?? '{}'));
    expect(kept).toContainEqual(
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition: 'RetriesExhausted', approximateInvokeCount: 3 }),
        requestPayload: expect.objectContaining({
          detail: expect.objectContaining({ alarmName: service.stack.names.rollbackAlarm }),
        }),
      }),
    );
  });
});
