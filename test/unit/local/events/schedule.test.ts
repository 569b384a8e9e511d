import { describe, expect, it } from 'vitest';
import { RuleSchedules } from '../../../../lib/local/events/rule-schedules.ts';
import {
  readRate,
  ScheduleError,
  scheduledEvent,
  scheduledEventPattern,
} from '../../../../lib/local/events/schedule.ts';

describe('readRate', () => {
  it.each([
    ['rate(1 minute)', 60],
    ['rate(5 minutes)', 300],
    ['rate(1 hour)', 3_600],
    ['rate(2 days)', 172_800],
  ])('reads %s', (expression, seconds) => {
    expect(readRate(expression)).toBe(seconds);
  });

  it.each(['cron(0 20 * * ? *)', 'rate(0 minutes)', 'rate(5 seconds)', 'rate(-5 minutes)', ''])(
    'refuses "%s"',
    (expression) => {
      expect(() => readRate(expression)).toThrow(ScheduleError);
      expect(() => readRate(expression)).toThrow(`schedule ${expression}: only rates are known here`);
    },
  );
});

describe('the event of a rule on a schedule', () => {
  it('is as EventBridge sends it', () => {
    expect(scheduledEvent('look', Date.UTC(2026, 6, 22, 15, 57, 45, 394))).toEqual({
      version: '0',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2026-07-22T15:57:45Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/look'],
      detail: {},
    });
  });

  it('matches its own rule only', () => {
    expect(scheduledEventPattern('look')(scheduledEvent('look', 0))).toBe(true);
    expect(scheduledEventPattern('look')(scheduledEvent('other', 0))).toBe(false);
    expect(scheduledEventPattern('look')({ ...scheduledEvent('look', 0), source: 'aws.ssm' })).toBe(false);
  });
});

describe('RuleSchedules', () => {
  const rulesDue = (schedules: RuleSchedules, nowMs: number) =>
    schedules
      .due(nowMs)
      .map((event) => String((event as { resources: string[] }).resources).replace(/.*\//, ''));

  it('has rules due whenever their time has passed, each once', () => {
    const schedules = new RuleSchedules([
      { name: 'often', everySeconds: 60 },
      { name: 'seldom', everySeconds: 300 },
      { name: 'never' },
    ]);

    expect(rulesDue(schedules, 0)).toEqual([]);
    schedules.start(1_000);
    expect(rulesDue(schedules, 60_999)).toEqual([]);
    expect(rulesDue(schedules, 61_000)).toEqual(['often']);
    expect(rulesDue(schedules, 61_000)).toEqual([]);
    expect(rulesDue(schedules, 999_000)).toEqual(['often', 'seldom']);
    expect(rulesDue(schedules, 1_058_999)).toEqual([]);
    expect(rulesDue(schedules, 1_059_000)).toEqual(['often']);
  });
});
