import { Duration } from 'aws-cdk-lib';
import { AlarmRule, AlarmState, CompositeAlarm, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { rollbackAlarmName } from '../../lib/aws/stack-outputs.ts';
import { LATEST, RollbackFunction } from '../constructs/rollback-function.ts';
import type { SettingsParameter } from '../constructs/settings-parameter.ts';
import type { Environment } from '../select-environment.ts';
import { ALARMS } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';

export interface AutomaticRollbackProps {
  readonly environment: Environment;
  /** With those in it that take the environment back. */
  readonly alarms: Alarms;
  readonly topic: Topic;
  readonly settings: SettingsParameter;
}

/**
 * The way back: any of the environment's alarms raises one of its own, whose change to ALARM is an event that invokes
 * the function that sets the mode to `legacy`. An alarm that stays on causes no event, which is why commands do not go
 * forward then.
 */
export class AutomaticRollback extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { environment, alarms, topic, settings }: AutomaticRollbackProps,
  ) {
    super(scope, id);
    const causes = environment.rollbackOn.map((key) => alarms.get(key).alarm);
    const alarm = new CompositeAlarm(this, 'Alarm', {
      compositeAlarmName: rollbackAlarmName(environment.name),
      alarmDescription:
        'The settings go back to the legacy score, unless it is used for all addresses already. A mail of the ' +
        'rollback function says what it did. \r\nRunbook: README.md#cutover-and-rollback',
      alarmRule: AlarmRule.anyOf(...causes.map((cause) => AlarmRule.fromAlarm(cause, AlarmState.ALARM))),
    });
    const tell = new SnsAction(topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);

    const rollback = new RollbackFunction(this, 'RollBackCutover', { environment, settings, topic });
    new Rule(this, 'OnAlarm', {
      description: 'The rollback alarm went off',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: [alarm.alarmArn],
        detail: { state: { value: [AlarmState.ALARM] } },
      },
      targets: [
        new LambdaFunction(rollback.handler, {
          deadLetterQueue: rollback.failures,
          maxEventAge: LATEST,
        }),
      ],
    });
    alarms.add('rollback-failed', { metric: failuresOf(rollback), threshold: 0 });
  }
}

/** Attempts that failed, and events that were given up. */
function failuresOf({ handler, failures }: RollbackFunction): MathExpression {
  const period = Duration.minutes(ALARMS['rollback-failed'].pace.periodMinutes);
  return new MathExpression({
    label: 'Failed rollbacks',
    expression: 'FILL(failed, 0) + FILL(stranded, 0)',
    usingMetrics: {
      failed: handler.metricErrors({ statistic: Stats.SUM, period }),
      stranded: failures.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period }),
    },
    period,
  });
}
