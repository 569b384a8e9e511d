import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type DescribedAlarm, describeAlarms } from '../../../../../lib/cli/use/doctor/alarms.ts';
import { harmlessAlarm } from '../../../../../lib/cli/use/doctor/checks/alarm-rehearsal.ts';
import { judgeAlarmTargets } from '../../../../../lib/cli/use/doctor/checks/alarm-targets.ts';
import { judgeAlarms } from '../../../../../lib/cli/use/doctor/checks/alarms.ts';
import { judgeRollbackAlarm } from '../../../../../lib/cli/use/doctor/checks/rollback-alarm.ts';
import { chooseCause, waysBack } from '../../../../../lib/cli/use/doctor/checks/rollback-rehearsal.ts';
import { withAlarmOn } from '../../../../../lib/cli/use/doctor/with-alarm-on.ts';
import { parseAlarmRule } from '../../../../../lib/local/alarms/alarm-rule.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:topic';
const client = new CloudWatchClient({ region: 'eu-central-1' });
const cloudwatch = mockClient(client);

beforeEach(() => {
  cloudwatch.reset();
});

function alarm(name: string, changes: Partial<DescribedAlarm> = {}): DescribedAlarm {
  return { name, state: 'OK', onAlarm: [TOPIC], areActionsEnabled: true, ...changes };
}

const rollback = (rule: string, changes: Partial<DescribedAlarm> = {}) =>
  alarm('rollback', { rule: parseAlarmRule(rule), ...changes });

it('all alarms of an environment are described, page by page', async () => {
  cloudwatch
    .on(DescribeAlarmsCommand)
    .resolvesOnce({
      NextToken: 'more',
      MetricAlarms: [{ AlarmName: 'p-a', StateValue: 'OK', AlarmActions: [TOPIC], ActionsEnabled: false }],
    })
    .resolvesOnce({
      CompositeAlarms: [{ AlarmName: 'p-rollback', StateValue: 'ALARM', AlarmRule: 'ALARM("p-a")' }],
    });

  const described = await describeAlarms(client, 'p-rollback');

  expect(described).toMatchObject([
    { name: 'p-a', state: 'OK', onAlarm: [TOPIC], areActionsEnabled: false },
    { name: 'p-rollback', state: 'ALARM', onAlarm: [], areActionsEnabled: true, rule: { alarms: ['p-a'] } },
  ]);
  expect(cloudwatch).toHaveReceivedCommandWith(DescribeAlarmsCommand, {
    AlarmNamePrefix: 'p-',
    AlarmTypes: ['CompositeAlarm', 'MetricAlarm'],
  });
});

describe('alarms', () => {
  it.each<[string, DescribedAlarm[], object]>([
    [
      'that are all right',
      [alarm('a'), rollback('ALARM(a)')],
      { outcome: 'pass', text: '2 alarms, all with actions, none on' },
    ],
    ['that are missing', [], { outcome: 'fail', text: 'there are none' }],
    [
      'whose actions are disabled',
      [alarm('a', { areActionsEnabled: false }), alarm('b')],
      { outcome: 'fail', todo: 'aws cloudwatch enable-alarm-actions --alarm-names a' },
    ],
    ['without an action', [alarm('a', { onAlarm: [] })], { outcome: 'fail', text: 'no action for a' }],
    ['that only count for another', [alarm('a', { onAlarm: [] }), rollback('ALARM(a)')], { outcome: 'pass' }],
    ['that are on', [alarm('a', { state: 'ALARM' }), alarm('b')], { outcome: 'warn', text: 'on: a' }],
  ])('%s', (_, alarms, finding) => {
    expect(judgeAlarms(alarms)).toMatchObject(finding);
  });
});

describe('the rollback alarm', () => {
  it.each<[string, DescribedAlarm[], object]>([
    ['OK', [alarm('a'), rollback('ALARM(a)')], { outcome: 'pass' }],
    [
      'missing',
      [alarm('a')],
      { outcome: 'fail', text: 'there is no rollback: nothing rolls the settings back' },
    ],
    ['not known yet', [rollback('ALARM(a)', { state: 'INSUFFICIENT_DATA' })], { outcome: 'warn' }],
    [
      'on',
      [
        alarm('a', { state: 'ALARM' }),
        alarm('b', { state: 'ALARM' }),
        rollback('ALARM(a)', { state: 'ALARM' }),
      ],
      { outcome: 'fail', text: 'it is on, and keeps the settings at legacy; set off by a' },
    ],
  ])('%s', (_, alarms, finding) => {
    expect(judgeRollbackAlarm('rollback', alarms)).toMatchObject(finding);
  });
});

describe('alarm targets', () => {
  const mail = { Protocol: 'email', Endpoint: 'ops@example.org' };
  const judged = (changes: Partial<Parameters<typeof judgeAlarmTargets>[0]>) =>
    judgeAlarmTargets({ topic: TOPIC, subscriptions: [], otherTopics: [], isDataRetained: true, ...changes });

  it.each<[string, Parameters<typeof judged>[0], object]>([
    [
      'confirmed',
      { subscriptions: [{ ...mail, SubscriptionArn: `${TOPIC}:1` }] },
      { outcome: 'pass', text: '1 confirmed subscription' },
    ],
    [
      'that wait for a confirmation, beside one that is confirmed',
      {
        subscriptions: [
          { ...mail, SubscriptionArn: 'PendingConfirmation' },
          { ...mail, SubscriptionArn: `${TOPIC}:1` },
        ],
      },
      {
        outcome: 'fail',
        text: 'ops@example.org: not confirmed, so nothing is sent there',
        todo: expect.stringContaining(
          `--topic-arn ${TOPIC} --protocol email --notification-endpoint ops@example.org`,
        ),
      },
    ],
    ['that there are none of', {}, { outcome: 'fail', todo: expect.stringContaining('alarmTargets') }],
    ['that there are none of, where data are disposable', { isDataRetained: false }, { outcome: 'warn' }],
    ['that were deleted', { subscriptions: [{ ...mail, SubscriptionArn: 'Deleted' }] }, { outcome: 'fail' }],
    [
      'that are topics of their own',
      { otherTopics: [`${TOPIC}-other`] },
      { outcome: 'pass', text: '0 confirmed subscriptions, and 1 further topic' },
    ],
  ])('%s', (_, changes, finding) => {
    expect(judged(changes)).toMatchObject(finding);
  });
});

it('the alarm for a rehearsal is one that notifies and leads to nothing else', () => {
  const fit = alarm('f');
  const alarms = [
    rollback('ALARM(a)', { name: 'r' } as Partial<DescribedAlarm>),
    alarm('a'),
    alarm('b', { state: 'ALARM' }),
    alarm('c', { areActionsEnabled: false }),
    alarm('d', { onAlarm: ['arn:aws:sns:eu-central-1:123456789012:other'] }),
  ];

  expect(harmlessAlarm([...alarms, fit], TOPIC)).toBe(fit);
  expect(harmlessAlarm(alarms, TOPIC)).toBeUndefined();
});

describe('what sets the rollback off', () => {
  it.each<[string, DescribedAlarm[], object]>([
    ['any of several', [alarm('a'), alarm('b'), rollback('ALARM(a) OR ALARM(b)')], { name: 'a' }],
    [
      'one that needs another, which is on',
      [alarm('a', { state: 'ALARM' }), alarm('b'), rollback('ALARM(a) AND ALARM(b)')],
      { name: 'b' },
    ],
    [
      'one beside a composite one',
      [rollback('ALARM(a)', { name: 'c' } as Partial<DescribedAlarm>), alarm('a'), rollback('ALARM(a)')],
      { name: 'a' },
    ],
    [
      'nothing by itself',
      [alarm('a'), alarm('b'), rollback('ALARM(a) AND ALARM(b)')],
      { outcome: 'fail', text: 'no single alarm sets off rollback' },
    ],
    ['nothing, while it is on', [alarm('a'), rollback('ALARM(a)', { state: 'ALARM' })], { outcome: 'fail' }],
    [
      'nothing, where there is none',
      [alarm('a')],
      { outcome: 'fail', text: 'there is no composite alarm rollback' },
    ],
  ])('%s', (_, alarms, chosen) => {
    expect(chooseCause('rollback', alarms)).toMatchObject(chosen);
  });
});

it.each<[string, string | undefined, string[]]>([
  [
    '{"mode":"parallel","consensusPercent":25}',
    'prod',
    ['threat-consensus cutover set parallel --percent 25 --env prod'],
  ],
  [
    '{"mode":"consensus"}',
    undefined,
    ['threat-consensus cutover set parallel --percent 100', 'threat-consensus cutover set consensus'],
  ],
  ['{"mode":"turbo"}', undefined, ['threat-consensus cutover set parallel']],
])('the way back to %s', (before, environment, commands) => {
  expect(waysBack(before, environment)).toEqual(commands);
});

describe('an alarm that is set off by hand', () => {
  const states = () =>
    cloudwatch
      .commandCalls(SetAlarmStateCommand)
      .map(({ args: [{ input }] }) => [input.AlarmName, input.StateValue]);

  it.each<[string, () => Promise<string>]>([
    ['work is done', async () => 'done'],
    ['work fails', async () => Promise.reject(new Error('failed'))],
    [
      'somebody interrupts',
      () => {
        process.emit('SIGINT');
        return new Promise<never>(() => {});
      },
    ],
  ])('is set back when %s', async (_, work) => {
    cloudwatch.on(SetAlarmStateCommand).resolves({});

    await withAlarmOn(client, alarm('a'), work).catch(() => {});

    expect(states()).toEqual([
      ['a', 'ALARM'],
      ['a', 'OK'],
    ]);
  });

  it('is reported when it can not be set back', async () => {
    cloudwatch.on(SetAlarmStateCommand).resolvesOnce({}).rejects(new Error('gone'));

    await expect(withAlarmOn(client, alarm('a'), async () => 'done')).rejects.toThrow(
      /could not set a back to OK, which CloudWatch will do by itself: gone/,
    );
  });
});
