import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, resourcesOfType, synthesis } from '../fixtures/infra/synthesis.ts';

interface Rule {
  readonly EventPattern?: object;
  readonly ScheduleExpression?: string;
  readonly State: string;
  readonly Targets: readonly object[];
}

describe.each(ENVIRONMENT_NAMES)('the rollback of %s', (environment) => {
  const { Monitoring } = synthesis(environment).resources;
  const theOnly = (type: string) => {
    const [[id, { Properties }] = ['', { Properties: {} as Readonly<Record<string, unknown>> }], ...others] =
      resourcesOfType(Monitoring, type);
    expect(others).toEqual([]);
    return { id, properties: Properties };
  };
  const handler = theOnly('AWS::Lambda::Function');
  const alarm = theOnly('AWS::CloudWatch::CompositeAlarm');
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
        detail: { name: [`/threat-consensus/${environment}/settings`], operation: ['Create', 'Update'] },
      },
    ]);
    expect(rules.map(({ ScheduleExpression }) => ScheduleExpression).filter(Boolean)).toEqual([
      'rate(5 minutes)',
    ]);
    expect(rules.map(({ State }) => State)).toEqual(Array(3).fill('ENABLED'));
  });

  it('keeps every event that does not reach it, or that it fails on', () => {
    const queue = { 'Fn::GetAtt': [theOnly('AWS::SQS::Queue').id, 'Arn'] };

    for (const { Targets } of rules) {
      expect(Targets).toEqual([
        expect.objectContaining({
          Arn: { 'Fn::GetAtt': [handler.id, 'Arn'] },
          DeadLetterConfig: { Arn: queue },
        }),
      ]);
    }
    expect(theOnly('AWS::Lambda::EventInvokeConfig').properties).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: queue } },
    });
  });

  it('asks for the alarm that it belongs to', () => {
    const { Variables } = handler.properties.Environment as { Variables: Record<string, unknown> };

    expect(Variables.ROLLBACK_ALARM).toBe(alarm.properties.AlarmName);
    expect(Variables.SETTINGS_PARAMETER).toBe(`/threat-consensus/${environment}/settings`);
  });
});
