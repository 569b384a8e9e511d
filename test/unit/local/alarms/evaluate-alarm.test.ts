import { describe, expect, it } from 'vitest';
import {
  AlarmDefinitionError,
  type AlarmProperties,
  readAlarm,
} from '../../../../lib/local/alarms/alarm-definition.ts';
import type { AlarmState } from '../../../../lib/local/alarms/alarm-state.ts';
import { evaluateAlarm } from '../../../../lib/local/alarms/evaluate-alarm.ts';
import { MetricStore } from '../../../../lib/local/alarms/metric-store.ts';

const MINUTE = 60;

const ON_A_RATIO: AlarmProperties = {
  AlarmName: 'ratio',
  Metrics: [
    { Id: 'expr', Expression: 'IF(whole >= 10, part / whole, 0)', ReturnData: true },
    query('part', 'Failures'),
    query('whole', 'Records'),
  ],
  Threshold: 0.5,
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'notBreaching',
};

const ON_ONE_METRIC: AlarmProperties = {
  AlarmName: 'one',
  Namespace: 'Test',
  MetricName: 'Failures',
  Dimensions: [{ Name: 'service', Value: { Ref: 'Function' } }],
  Period: MINUTE,
  Statistic: 'Maximum',
  Threshold: 3,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  EvaluationPeriods: 1,
};

function query(Id: string, MetricName: string) {
  const Metric = { Namespace: 'Test', MetricName, Dimensions: [{ Name: 'service', Value: 'one' }] };
  return { Id, MetricStat: { Metric, Period: MINUTE, Stat: 'Sum' }, ReturnData: false };
}

/** States after each minute of records and failures; undefined is a minute without data. */
function statesOver(
  minutes: readonly (readonly [records: number, failures: number] | undefined)[],
): AlarmState[] {
  const alarm = readAlarm(ON_A_RATIO, String);
  const store = new MetricStore();
  let state: AlarmState = 'INSUFFICIENT_DATA';
  return minutes.map((values, minute) => {
    for (const [n, name] of ['Records', 'Failures'].entries()) {
      const value = values?.[n];
      const metric = {
        namespace: 'Test',
        name,
        dimensions: { service: 'one' },
        timestampMs: minute * 60_000,
      };
      if (value !== undefined) store.put({ ...metric, value });
    }
    state = evaluateAlarm(alarm, store, (minute + 1) * MINUTE, state);
    return state;
  });
}

describe('evaluateAlarm', () => {
  it('goes to ALARM at M of N, and back', () => {
    const bad = [100, 60] as const;
    const good = [100, 5] as const;

    expect(statesOver([good, bad, good, bad, good, good])).toEqual(['OK', 'OK', 'OK', 'ALARM', 'OK', 'OK']);
  });

  it('leaves alone what is too little to judge, and nights without data', () => {
    const few = [9, 9] as const;

    expect(statesOver([few, few, few, undefined, undefined, undefined])).toEqual(Array(6).fill('OK'));
  });

  it('looks at periods before the latest where those have no data', () => {
    expect(statesOver([[100, 60], undefined, undefined, undefined, [100, 60]]).at(-1)).toBe('ALARM');
  });

  it('evaluates an alarm on one metric, whose dimension refers to a resource', () => {
    const alarm = readAlarm(ON_ONE_METRIC, (value) => `resolved ${JSON.stringify(value)}`);
    const store = new MetricStore();
    const dimensions = { service: 'resolved {"Ref":"Function"}' };
    store.put({ namespace: 'Test', name: 'Failures', dimensions, timestampMs: 0, value: 3 });

    expect(evaluateAlarm(alarm, store, MINUTE, 'OK')).toBe('ALARM');
    expect(evaluateAlarm(alarm, store, 30, 'OK')).toBe('INSUFFICIENT_DATA');
  });
});

describe('readAlarm', () => {
  it.each([
    [{ ...ON_ONE_METRIC, Statistic: 'p99' }, 'alarm one: statistic p99 is not known here'],
    [{ ...ON_ONE_METRIC, TreatMissingData: 'guess' }, 'alarm one: missing data as guess is not known here'],
    [
      { ...ON_ONE_METRIC, ComparisonOperator: 'GreaterThanUpperThreshold' },
      'alarm one: comparison GreaterThanUpperThreshold is not known here',
    ],
    [{ ...ON_A_RATIO, Metrics: [] }, 'alarm ratio: its metrics differ in period'],
  ])('refuses what it does not know (%#)', (properties, message) => {
    expect(() => readAlarm(properties, String)).toThrow(new AlarmDefinitionError(message));
  });
});
