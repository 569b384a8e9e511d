import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { EVENTUALLY } from '../../fixtures/service/scoring-service.ts';

let stack: LocalStack;
let cloudwatch: CloudWatchClient;
let lambda: LambdaClient;
let sns: SNSClient;

beforeAll(async () => {
  stack = await startLocalStack(DEPLOYED);
  const common = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const endpoint = (service: string) => ({
    endpoint: stack.environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
  });
  cloudwatch = new CloudWatchClient({ ...common, ...endpoint('CLOUDWATCH') });
  lambda = new LambdaClient({ ...common, ...endpoint('LAMBDA') });
  sns = new SNSClient({ ...common, ...endpoint('SNS') });
});

afterAll(async () => {
  for (const client of [cloudwatch, lambda, sns]) client?.destroy();
  await stack?.stop();
});

async function setState(AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> {
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'by hand' }));
}

async function actionsOf(AlarmName: string): Promise<(string | undefined)[]> {
  const asked = new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: 'Action' });
  return ((await cloudwatch.send(asked)).AlarmHistoryItems ?? []).map(({ HistorySummary }) => HistorySummary);
}

it('an alarm that is set by hand notifies its topic, and the alarm that depends on it follows', async () => {
  const { rollbackAlarm = '', rollbackRule = '', alarmTopic } = stack.names;
  const [rule] = DEPLOYED.definition.watch.compositeAlarms;
  const [cause = ''] = rule?.rule.alarms ?? [];
  const startedAt = new Date();

  await setState(cause, 'ALARM');

  expect(stack.alarmState(rollbackAlarm)).toBe('ALARM');
  const notified = [`Successfully executed action ${alarmTopic}`];
  expect(await actionsOf(cause)).toEqual(notified);
  await vi.waitFor(async () => {
    const asked = new GetMetricDataCommand({
      StartTime: startedAt,
      EndTime: new Date(),
      MetricDataQueries: [
        {
          Id: 'runs',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Events',
              MetricName: 'Invocations',
              Dimensions: [{ Name: 'RuleName', Value: rollbackRule }],
            },
            Period: 60,
            Stat: 'Sum',
          },
        },
      ],
    });
    const [runs] = (await cloudwatch.send(asked)).MetricDataResults ?? [];
    expect(runs?.Values).toEqual([1]);
    expect(runs?.Timestamps).toHaveLength(1);
  }, EVENTUALLY);

  await setState(cause, 'OK');

  expect(stack.alarmState(rollbackAlarm)).toBe('OK');
  expect(await actionsOf(cause)).toEqual([...notified, ...notified]);
});

it('a composite alarm can not be set by hand', async () => {
  await expect(setState(stack.names.rollbackAlarm ?? '', 'ALARM')).rejects.toThrow(/there is no alarm/);
});

it('alarms are found by the beginning of their names', async () => {
  const asked = new DescribeAlarmsCommand({
    AlarmNamePrefix: 'threat-consensus-dev-rollback',
    AlarmTypes: ['CompositeAlarm', 'MetricAlarm'],
  });

  const { CompositeAlarms = [], MetricAlarms = [] } = await cloudwatch.send(asked);

  expect(CompositeAlarms).toMatchObject([{ AlarmName: stack.names.rollbackAlarm, ActionsEnabled: true }]);
  expect(CompositeAlarms[0]?.AlarmRule).toContain('ALARM(');
  expect(MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual([
    'threat-consensus-dev-rollback-not-invoked',
    'threat-consensus-dev-rollback-failed',
  ]);
});

it('the event source mapping is enabled while messages are delivered', async () => {
  const stateOf = async (UUID: string) =>
    (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
  const { eventSource } = stack.names;

  expect(await stateOf(eventSource)).toBe('Enabled');
  await stack.pauseDelivery();
  expect(await stateOf(eventSource)).toBe('Disabled');
  stack.resumeDelivery();
  expect(await stateOf(eventSource)).toBe('Enabled');
  await expect(stateOf('another')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

it('the stack itself is what a topic notifies', async () => {
  const { alarmTopic: TopicArn } = stack.names;

  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));

  expect(Subscriptions).toMatchObject([{ TopicArn, Endpoint: 'the embedded stack' }]);
});
