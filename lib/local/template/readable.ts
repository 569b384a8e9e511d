import { AlarmDefinitionError } from '../alarms/alarm-definition.ts';
import { AlarmRuleError } from '../alarms/alarm-rule.ts';
import { MetricMathError } from '../alarms/metric-math.ts';
import { EventPatternError } from '../events/event-pattern.ts';
import { InputTransformerError } from '../events/input-transformer.ts';
import { ScheduleError } from '../events/schedule.ts';
import { unreadable } from './resources.ts';

const KNOWN = [
  AlarmDefinitionError,
  AlarmRuleError,
  MetricMathError,
  EventPatternError,
  InputTransformerError,
  ScheduleError,
];

/** Reports parse errors as errors of the template. */
export function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const isKnown = KNOWN.some((kind) => error instanceof kind);
    throw isKnown ? unreadable((error as Error).message) : error;
  }
}
