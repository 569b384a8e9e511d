import { MONITORING_OUTPUTS, OUTPUTS } from '../../aws/stack-outputs.ts';
import { arnOf } from '../account.ts';
import { AlarmDefinitionError, type AlarmProperties, readAlarm } from '../alarms/alarm-definition.ts';
import { AlarmRuleError, parseAlarmRule } from '../alarms/alarm-rule.ts';
import { MetricMathError } from '../alarms/metric-math.ts';
import { EventPatternError, readEventPattern } from '../events/event-pattern.ts';
import { readRate, ScheduleError, scheduledEventPattern } from '../events/schedule.ts';
import { queueDefinition } from './definitions.ts';
import { type Emulated, type Resources, unreadable } from './resources.ts';
import type {
  CompositeAlarmDefinition,
  EventFunctionDefinition,
  EventRuleDefinition,
  MetricAlarmDefinition,
  WatchDefinition,
} from './service-definition.ts';

/** What a function's own resource says of it. */
type ToFunction = (
  resource: Emulated<'AWS::Lambda::Function'>,
) => Omit<EventFunctionDefinition, 'retryAttempts' | 'failures'>;

/**
 * Reads what watches the service: alarms, rules on events and schedules, and the functions that these invoke.
 *
 * @throws {LocalStackError} `template_unreadable`
 */
export function watchDefinition(resources: Resources, toFunction: ToFunction): WatchDefinition {
  return {
    alarms: resources.all('AWS::CloudWatch::Alarm').map(metricAlarm),
    compositeAlarms: resources.all('AWS::CloudWatch::CompositeAlarm').map(compositeAlarm),
    rules: resources.all('AWS::Events::Rule').map((rule) => eventRule(rule, resources, toFunction)),
    topics: resources.all('AWS::SNS::Topic').map(({ name }) => arnOf('sns', name)),
    rollbackAlarm: resources.output(OUTPUTS.rollbackAlarm),
    rollbackFunction: resources.output(MONITORING_OUTPUTS.rollbackFunction),
    rollbackRule: resources.output(MONITORING_OUTPUTS.rollbackRule),
    alarmTopic: resources.output(MONITORING_OUTPUTS.alarmTopic),
    rollbackFailures: resources.queueNameOutput(OUTPUTS.rollbackFailuresQueue),
  };
}

function metricAlarm({ properties }: Emulated<'AWS::CloudWatch::Alarm'>): MetricAlarmDefinition {
  const { AlarmActions: onAlarm, OKActions: onOk } = properties;
  return readable(() => ({ ...readAlarm(properties as AlarmProperties, String), onAlarm, onOk }));
}

function compositeAlarm({
  name,
  properties,
}: Emulated<'AWS::CloudWatch::CompositeAlarm'>): CompositeAlarmDefinition {
  const { AlarmRule, AlarmActions: onAlarm, OKActions: onOk } = properties;
  return readable(() => ({ name, rule: parseAlarmRule(AlarmRule), onAlarm, onOk }));
}

function eventRule(
  { name, properties }: Emulated<'AWS::Events::Rule'>,
  resources: Resources,
  toFunction: ToFunction,
): EventRuleDefinition {
  const { EventPattern, ScheduleExpression } = properties;
  if ((EventPattern === undefined) === (ScheduleExpression === undefined)) {
    throw unreadable(`the rule ${name} is expected to have either a pattern or a schedule`);
  }
  return {
    name,
    ...readable(() =>
      ScheduleExpression === undefined
        ? { pattern: readEventPattern(EventPattern ?? {}) }
        : { pattern: scheduledEventPattern(name), everySeconds: readRate(ScheduleExpression) },
    ),
    targets: properties.Targets.map(({ Arn }) => eventFunction(name, Arn, resources, toFunction)),
  };
}

function eventFunction(
  rule: string,
  arn: string,
  resources: Resources,
  toFunction: ToFunction,
): EventFunctionDefinition {
  const found = resources
    .all('AWS::Lambda::Function')
    .find(({ name }) => arnOf('lambda', `function:${name}`) === arn);
  if (found === undefined) throw unreadable(`the rule ${rule} has a target that is no function: ${arn}`);

  const permissions = resources.all('AWS::Lambda::Permission').map(({ properties }) => properties);
  const isAllowed = permissions.some(
    ({ FunctionName, Principal, SourceArn }) =>
      FunctionName === arn &&
      Principal === 'events.amazonaws.com' &&
      SourceArn === arnOf('events', `rule/${rule}`),
  );
  if (!isAllowed) throw unreadable(`the rule ${rule} has no permission to invoke ${found.name}`);
  return { ...toFunction(found), ...failureHandling(found.name, resources) };
}

function failureHandling(functionName: string, resources: Resources) {
  const config = resources
    .all('AWS::Lambda::EventInvokeConfig')
    .find(({ properties }) => properties.FunctionName === functionName)?.properties;
  const destination = config?.DestinationConfig.OnFailure.Destination;
  const queue = resources.all('AWS::SQS::Queue').find(({ name }) => arnOf('sqs', name) === destination);
  if (config === undefined || queue === undefined) {
    throw unreadable(`expected a queue for the events of ${functionName} that it fails on`);
  }
  const failures = queueDefinition(queue, () => {
    throw unreadable(`the queue ${queue.name} is expected to be an end itself`);
  });
  return { retryAttempts: config.MaximumRetryAttempts, failures };
}

/** Says of what can't be read that it is the template's. */
function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const isKnown =
      error instanceof AlarmDefinitionError ||
      error instanceof AlarmRuleError ||
      error instanceof MetricMathError ||
      error instanceof EventPatternError ||
      error instanceof ScheduleError;
    throw isKnown ? unreadable(error.message) : error;
  }
}
