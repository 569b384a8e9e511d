import { Duration } from 'aws-cdk-lib';
import {
  AlarmRule,
  AlarmState,
  CompositeAlarm,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule, type RuleProps, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaHandler } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { rollbackAlarmName } from '../../lib/aws/stack-outputs.ts';
import { LATEST, RollbackFunction } from '../constructs/rollback-function.ts';
import type { SettingsParameters } from '../constructs/settings-parameters.ts';
import type { Environment } from '../environment.ts';
import { ALARMS } from './alarm-catalogue.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { Alarms } from './alarms.ts';
import { runbookLink } from './runbook-link.ts';

export interface AutomaticRollbackProps {
  readonly environment: Environment;
  /** Including those that trigger the rollback. */
  readonly alarms: Alarms;
  readonly topic: AlarmTopic;
  readonly settings: SettingsParameters;
  /** Queue of events that did not reach the function, or that it failed on; it belongs to another stack. */
  readonly failures: Queue;
  readonly key: IKey | undefined;
}

/** How often the rollback checks without an event: anything an event missed is corrected by then. */
const LOOK_EVERY = Duration.minutes(5);

/**
 * The automatic rollback: any of the environment's alarms triggers a composite one, and while that is on, a function
 * keeps the mode at `legacy`. It runs when the alarm goes off, when the settings change, and every few minutes: SSM has
 * no conditional write, so no single run is sure to see the latest one.
 */
export class AutomaticRollback extends Construct {
  readonly alarm: CompositeAlarm;
  readonly rollback: RollbackFunction;
  /** Runs the function when the alarm goes off. */
  readonly onAlarm: Rule;

  constructor(
    scope: Construct,
    id: string,
    { environment, alarms, topic, settings, failures, key }: AutomaticRollbackProps,
  ) {
    super(scope, id);
    const alarmName = rollbackAlarmName(environment.name);
    const causes = environment.rollbackOn.map((key) => alarms.get(key).alarm);
    this.alarm = new CompositeAlarm(this, 'Alarm', {
      compositeAlarmName: alarmName,
      alarmDescription:
        'While it is on, the settings are kept at the legacy score, unless it is already used for all addresses. A ' +
        `mail from the rollback function reports what it did. \r\nRunbook: ${runbookLink(environment, 'cutover-and-rollback')}`,
      alarmRule: AlarmRule.anyOf(...causes.map((cause) => AlarmRule.fromAlarm(cause, AlarmState.ALARM))),
    });
    const { alarm } = this;
    const report = topic.all.map((each) => new SnsAction(each));
    alarm.addAlarmAction(...report);
    alarm.addOkAction(...report);

    // Imported: rules would change the policy of another stack's queue, and make the stacks depend on each other.
    const deadLetterQueue = Queue.fromQueueArn(this, 'Failures', failures.queueArn);
    this.rollback = new RollbackFunction(this, 'RollBackCutover', {
      environment,
      settings,
      alarmName,
      topic,
      failures: deadLetterQueue,
      key,
    });
    const { handler } = this.rollback;
    const runOn = (ruleId: string, rule: RuleProps) =>
      new Rule(this, ruleId, {
        ...rule,
        targets: [new LambdaFunction(handler, { deadLetterQueue, maxEventAge: LATEST })],
      });
    this.onAlarm = runOn('OnAlarm', {
      description: 'The rollback alarm went off',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: [alarm.alarmArn],
        detail: { state: { value: [AlarmState.ALARM] } },
      },
    });
    const onChange = runOn('OnChange', {
      description: 'The settings, or the initial ones, were changed or deleted',
      eventPattern: {
        source: ['aws.ssm'],
        detailType: ['Parameter Store Change'],
        detail: {
          name: [settings.names.settings, settings.names.initial],
          operation: ['Create', 'Update', 'Delete'],
        },
      },
    });
    const regularly = runOn('Regularly', {
      description: 'Checks that the settings are at legacy while the rollback alarm is on',
      schedule: Schedule.rate(LOOK_EVERY),
    });
    const rules = [this.onAlarm, onChange, regularly];
    alarms.add('rollback-not-invoked', { metric: undeliveredBy(rules), threshold: 0 });
    alarms.add('rollback-failed', { metric: failuresOf(handler, failures), threshold: 0 });
  }
}

/**
 * Attempts that failed or were throttled, events that Lambda dropped or could not put on the queue, and those that wait
 * for a human. Each metric exists only when it is not 0, so the maximum is used: a sum with a missing part is missing.
 */
function failuresOf(handler: LambdaHandler, failures: Queue): MathExpression {
  const period = Duration.minutes(ALARMS['rollback-failed'].pace.periodMinutes);
  const sum = { statistic: Stats.SUM, period };
  return theMostOf('Failed rollbacks', period, {
    failed: handler.metricErrors(sum),
    throttled: handler.metricThrottles(sum),
    dropped: handler.metric('AsyncEventsDropped', sum),
    undeliverable: handler.metric('DestinationDeliveryFailures', sum),
    waiting: failures.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period }),
  });
}

/** Events that EventBridge could not deliver to the function, and those it could not put on the queue either. */
function undeliveredBy(rules: readonly Rule[]): MathExpression {
  const period = Duration.minutes(ALARMS['rollback-not-invoked'].pace.periodMinutes);
  const ofRules = (prefix: string, metricName: string) =>
    rules.map(({ ruleName: RuleName }, n) => {
      const dimensionsMap = { RuleName };
      const metric = new Metric({
        namespace: 'AWS/Events',
        metricName,
        dimensionsMap,
        statistic: Stats.SUM,
        period,
      });
      return [`${prefix}${n}`, metric] as const;
    });
  return theMostOf('Events that did not reach the rollback', period, {
    ...Object.fromEntries(ofRules('failed', 'FailedInvocations')),
    ...Object.fromEntries(ofRules('lost', 'InvocationsFailedToBeSentToDlq')),
  });
}

function theMostOf(
  label: string,
  period: Duration,
  usingMetrics: Readonly<Record<string, IMetric>>,
): MathExpression {
  const filled = Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`);
  return new MathExpression({ label, expression: `MAX([${filled.join(', ')}])`, usingMetrics, period });
}
