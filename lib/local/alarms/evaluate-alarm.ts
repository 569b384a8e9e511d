import type { AlarmDefinition } from './alarm-definition.ts';
import { type AlarmState, type DataPoint, nextState } from './alarm-state.ts';
import type { MetricStore } from './metric-store.ts';

/**
 * Periods before the evaluation periods whose data points replace missing ones. AWS does not document how many; its
 * examples have five for three.
 */
const FURTHER_PERIODS = 2;

/**
 * Evaluates an alarm over the periods that end by now.
 *
 * @param nowSeconds epoch seconds; periods begin at multiples of their length, as in CloudWatch
 */
export function evaluateAlarm(
  alarm: AlarmDefinition,
  store: MetricStore,
  nowSeconds: number,
  current: AlarmState,
): AlarmState {
  const { periodSeconds, evaluationPeriods } = alarm;
  const periods = evaluationPeriods + FURTHER_PERIODS;
  const endSeconds = Math.floor(nowSeconds / periodSeconds) * periodSeconds;
  const points = Array.from({ length: periods }, (_, n) =>
    dataPoint(alarm, store, endSeconds - (periods - n) * periodSeconds),
  );
  return nextState(points, alarm, current);
}

function dataPoint(alarm: AlarmDefinition, store: MetricStore, startSeconds: number): DataPoint {
  const { metrics, periodSeconds } = alarm;
  const value = alarm.expression((id) => {
    const query = metrics.get(id);
    return query && store.statistic(query, startSeconds, periodSeconds);
  });
  return value === undefined ? undefined : alarm.breaches(value);
}
