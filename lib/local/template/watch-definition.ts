import { MONITORING_OUTPUTS, OUTPUTS } from '../../aws/stack-outputs.ts';
import { arnOf } from '../account.ts';
import { type AlarmProperties, readAlarm } from '../alarms/alarm-definition.ts';
import { parseAlarmRule } from '../alarms/alarm-rule.ts';
import { eventRule, type ToFunction } from './event-rule.ts';
import { readable } from './readable.ts';
import type { Emulated, Resources } from './resources.ts';
import type {
  CompositeAlarmDefinition,
  MetricAlarmDefinition,
  WatchDefinition,
} from './service-definition.ts';

/**
 * Reads alarms, rules on events and schedules, and the functions that these invoke.
 *
 * @throws {LocalStackError} `template_unreadable`
 */
export function watchDefinition(resources: Resources, toFunction: ToFunction): WatchDefinition {
  return {
    alarms: resources.all('AWS::CloudWatch::Alarm').map(metricAlarm),
    compositeAlarms: resources.all('AWS::CloudWatch::CompositeAlarm').map(compositeAlarm),
    rules: resources.all('AWS::Events::Rule').map((rule) => eventRule(rule, resources, toFunction)),
    buses: resources.all('AWS::Events::EventBus').map(({ name }) => name),
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
