import { describe, expect, it } from 'vitest';
import type { SiteEnvironment } from '../../infra/select-environment.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import {
  ENVIRONMENT_NAMES,
  resourcesOfType,
  synthesis,
  synthesizeWith,
} from '../fixtures/infra/synthesis.ts';

/** Any rule of the account and region. */
/** Rules of an environment's account: by reference if the environment does not name its account. */
function arnOfRules({ account, region }: SiteEnvironment): unknown {
  if (account !== undefined) return `arn:aws:events:${region}:${account}:rule/*`;
  const [partition, here, own] = ['Partition', 'Region', 'AccountId'].map((name) => ({
    Ref: `AWS::${name}`,
  }));
  return { 'Fn::Join': ['', ['arn:', partition, ':events:', here, ':', own, ':rule/*']] };
}

interface Rule {
  readonly EventPattern?: object;
  readonly ScheduleExpression?: string;
  readonly State: string;
  readonly Targets: readonly object[];
}

describe.each(ENVIRONMENT_NAMES)('the rollback of %s', (environment) => {
  const { Monitoring, Scoring } = synthesis(environment).resources;
  const theOnly = (type: string) => {
    const [[id, { Properties }] = ['', { Properties: {} as Readonly<Record<string, unknown>> }], ...others] =
      resourcesOfType(Monitoring, type);
    expect(others).toEqual([]);
    return { id, properties: Properties };
  };
  const handler = theOnly('AWS::Lambda::Function');
  const alarm = theOnly('AWS::CloudWatch::CompositeAlarm');
  const [[failuresId = ''] = []] = resourcesOfType(Scoring, 'AWS::SQS::Queue').filter(([id]) =>
    id.includes('RollbackFailures'),
  );
  const rules = resourcesOfType(Monitoring, 'AWS::Events::Rule').map(
    ([, { Properties }]) => Properties as unknown as Rule,
  );

  it('runs when the alarm goes off, when the settings change, and every five minutes', () => {
    expect(rules.map(({ EventPattern }) => EventPattern).filter(Boolean)).toEqual([
      {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        resources: [{ 'Fn::GetAtt': [alarm.id, 'Arn'] }],
        detail: { state: { value: ['ALARM'] } },
      },
      {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: {
          name: [
            `/threat-consensus/${environment}/settings`,
            `/threat-consensus/${environment}/cutover/initial`,
          ],
          operation: ['Create', 'Update', 'Delete'],
        },
      },
    ]);
    expect(rules.map(({ ScheduleExpression }) => ScheduleExpression).filter(Boolean)).toEqual([
      'rate(5 minutes)',
    ]);
    expect(rules.map(({ State }) => State)).toEqual(Array(3).fill('ENABLED'));
  });

  it('keeps every event that does not reach it, or that it fails on', () => {
    const { MaximumRetryAttempts, DestinationConfig } = theOnly('AWS::Lambda::EventInvokeConfig').properties;
    const queue = (DestinationConfig as { OnFailure: { Destination: object } }).OnFailure.Destination;

    expect(MaximumRetryAttempts).toBe(2);
    // A queue of the Scoring stack, whose outputs the commands read.
    expect(JSON.stringify(queue)).toContain(failuresId);
    for (const { Targets } of rules) {
      expect(Targets).toEqual([
        expect.objectContaining({
          Arn: { 'Fn::GetAtt': [handler.id, 'Arn'] },
          DeadLetterConfig: { Arn: queue },
        }),
      ]);
    }
  });

  it("lets EventBridge put them there, for this account's rules", () => {
    const policies = resourcesOfType(Scoring, 'AWS::SQS::QueuePolicy').map(
      ([, { Properties }]) => Properties as { PolicyDocument: { Statement: object[] }; Queues: object[] },
    );
    const ofQueue = policies.find(({ Queues }) => JSON.stringify(Queues).includes(failuresId));

    expect(ofQueue?.PolicyDocument.Statement).toContainEqual({
      Sid: 'UndeliveredEvents',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': [failuresId, 'Arn'] },
      Condition: { ArnLike: { 'aws:SourceArn': arnOfRules(siteEnvironment(environment)) } },
    });
  });

  it('has executions of its own only where that is asked for', () => {
    expect(handler.properties.ReservedConcurrentExecutions).toBeUndefined();
  });

  it('holds up no deployment: the version that ends the cause deploys while the alarm is on', () => {
    const { resources } = synthesis(environment);
    const types = Object.values(resources).flatMap((stack) => Object.values(stack).map(({ Type }) => Type));

    expect(types.filter((type) => /CodeDeploy|::Alias$|::Version$/.test(type))).toEqual([]);
  });

  it('asks for the alarm that it belongs to', () => {
    const { Variables } = handler.properties.Environment as { Variables: Record<string, unknown> };

    expect(Variables.ROLLBACK_ALARM).toBe(alarm.properties.AlarmName);
    expect(Variables.SETTINGS_PARAMETER).toBe(`/threat-consensus/${environment}/settings`);
    expect(Variables.INITIAL_SETTINGS_PARAMETER).toBe(`/threat-consensus/${environment}/cutover/initial`);
  });
});

it('sets executions aside for the function where the environment says so', () => {
  const { Monitoring } = synthesizeWith({ reserveRollbackConcurrency: true }).resources;
  const [[, handler] = []] = resourcesOfType(Monitoring, 'AWS::Lambda::Function');

  expect(handler?.Properties.ReservedConcurrentExecutions).toBe(2);
});
