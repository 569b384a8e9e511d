import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAlarm } from '../../../lib/cutover/alarm-reading.ts';

const client = new CloudWatchClient({ region: 'eu-central-1' });
const cloudwatch = mockClient(client);

beforeEach(() => {
  cloudwatch.reset();
});

const triggeringAlarms = [
  { arn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:failures', state: { value: 'ALARM' } },
];

describe('readAlarm', () => {
  it('says in which state an alarm is, since when, and why', async () => {
    const alarm = {
      StateValue: 'ALARM',
      StateReasonData: JSON.stringify({ triggeringAlarms }),
      StateTransitionedTimestamp: new Date(1_000),
      // CloudWatch updates a reason without a transition.
      StateUpdatedTimestamp: new Date(2_000),
    } as const;
    cloudwatch.on(DescribeAlarmsCommand).resolves({ CompositeAlarms: [alarm] });

    expect(await readAlarm(client, 'rollback')).toEqual({
      state: 'ALARM',
      sinceMs: 1_000,
      causes: ['failures'],
    });
    expect(cloudwatch).toHaveReceivedCommandExactlyOnceWith(DescribeAlarmsCommand, {
      AlarmNames: ['rollback'],
      AlarmTypes: ['CompositeAlarm', 'MetricAlarm'],
    });
  });

  it('knows metric alarms, and does without what CloudWatch does not say', async () => {
    const StateUpdatedTimestamp = new Date(2_000);
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({ MetricAlarms: [{ StateValue: 'OK', StateUpdatedTimestamp }] })
      .resolves({ MetricAlarms: [{ StateValue: 'OK' }] });

    expect(await readAlarm(client, 'failures')).toEqual({ state: 'OK', sinceMs: 2_000, causes: [] });
    expect(await readAlarm(client, 'failures')).toEqual({ state: 'OK', sinceMs: 0, causes: [] });
  });

  it('finds none where there is none', async () => {
    cloudwatch.on(DescribeAlarmsCommand).resolves({});

    expect(await readAlarm(client, 'other')).toBeUndefined();
  });
});
