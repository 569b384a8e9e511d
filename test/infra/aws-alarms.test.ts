import { describe, expect, it } from 'vitest';
import type { AlarmKey } from '../../infra/monitoring/alarm-catalogue.ts';
import type { AlarmDefinition } from '../../lib/local/alarms/alarm-definition.ts';
import type { MetricDatum } from '../../lib/local/alarms/embedded-metrics.ts';
import { METRICS_NAMESPACE } from '../../lib/telemetry/metric-names.ts';
import { AlarmTimeline, STEPS_PER_HOUR } from '../fixtures/infra/alarm-timeline.ts';
import { actionsAllowedBy, functionRole } from '../fixtures/infra/authorization.ts';
import { AWS_METRICS } from '../fixtures/infra/aws-metrics.ts';
import { dashboardMetrics } from '../fixtures/infra/dashboard-body.ts';
import { DEPLOYED_ALARMS, isOwn } from '../fixtures/infra/deployed-alarms.ts';

const ALARMS = new Map([...DEPLOYED_ALARMS].filter(([, alarm]) => !isOwn(alarm)));

/** One figure for all metrics of an alarm, or one for each by name; missing ones have no data. */
type Figures = number | Readonly<Record<string, number>>;

/** For each alarm, figures that must trigger it and figures that must not. */
const FIGURES: Readonly<Partial<Record<AlarmKey, readonly [wrong: Figures, right: Figures]>>> = {
  'oldest-message': [901, 900],
  'dead-letter-queue': [1, 0],
  // A quarter of twenty is not an outage.
  'function-errors': [
    { Errors: 6, Invocations: 20 },
    { Errors: 5, Invocations: 20 },
  ],
  'function-crashes': [1, 0],
  // One execution that succeeded without metrics; a crash has none to report.
  'metrics-missing': [
    { Errors: 1, Invocations: 2 },
    { Errors: 1, Invocations: 1 },
  ],
  'function-throttles': [1, 0],
  'function-duration': [24_001, 24_000],
  'table-read-throttles': [1, 0],
  'table-write-throttles': [1, 0],
  'index-write-throttles': [1, 0],
  'table-system-errors': [1, 0],
  'feeds-failing': [1, 0],
  'feeds-stopped': [0, 1],
  'log-files-failed': [1, 0],
  'log-files-behind': [3_601, 3_600],
  'log-reader-crashes': [1, 0],
  // No share is judged below a hundred entries.
  'log-entries-skipped': [
    { LogEntriesSkipped: 99, LogEntriesRead: 100 },
    { LogEntriesSkipped: 99, LogEntriesRead: 99 },
  ],
  'log-entries-invalid': [
    { LogEntriesInvalid: 2, LogEntriesRead: 100 },
    { LogEntriesInvalid: 1, LogEntriesRead: 100 },
  ],
  'announcements-waiting': [301, 300],
  'rollback-failed': [1, 0],
  'rollback-not-invoked': [1, 0],
};

describe("alarms on AWS's figures", () => {
  it('are the ones that are tested here', () => {
    expect(new Set(Object.keys(FIGURES))).toEqual(new Set(ALARMS.keys()));
  });

  it.each([...ALARMS])('%s goes off when it lasts, and ends', (key, alarm) => {
    const [wrong = 0, right = 0] = FIGURES[key] ?? [];
    const timeline = new AlarmTimeline(new Map([[key, alarm]]));

    timeline.passData(STEPS_PER_HOUR, figures(alarm, right));
    const before = timeline.inState('OK');
    timeline.passData(stepsOf(alarm, alarm.evaluationPeriods), figures(alarm, wrong));
    const during = timeline.inState('ALARM');
    timeline.passData(stepsOf(alarm, alarm.evaluationPeriods), figures(alarm, right));

    expect(before).toEqual(new Set([key]));
    expect(during).toEqual(new Set([key]));
    expect(timeline.inState('OK')).toEqual(new Set([key]));
  });

  it.each([...ALARMS].filter(([key]) => key !== 'feeds-stopped'))(
    '%s ends when there is no figure any more',
    (key, alarm) => {
      const [wrong = 0] = FIGURES[key] ?? [];
      const timeline = new AlarmTimeline(new Map([[key, alarm]]));

      timeline.passData(stepsOf(alarm, alarm.evaluationPeriods), figures(alarm, wrong));
      timeline.passData(3 * STEPS_PER_HOUR, []);

      expect(timeline.inState('OK')).toEqual(new Set([key]));
    },
  );

  // AWS fills missing data with zeros, so a filled metric's latest value may always be 0.
  it.each([...ALARMS])('%s goes off although the latest figure is late', (key, alarm) => {
    const [wrong = 0] = FIGURES[key] ?? [];
    const timeline = new AlarmTimeline(new Map([[key, alarm]]));

    timeline.passData(stepsOf(alarm, alarm.evaluationPeriods - 1), figures(alarm, wrong));
    timeline.passData(stepsOf(alarm, 1), []);

    expect(timeline.inState('ALARM')).toEqual(new Set([key]));
  });

  it.each([...ALARMS])('%s counts errors by their sum, not by their average', (_, { metrics }) => {
    for (const { name, statistic } of metrics.values()) {
      const isLevel = /^Approximate|^Duration$|Age$/.test(name);
      expect(statistic).toBe(isLevel ? 'Maximum' : 'Sum');
    }
  });

  // A metric of something that never happened has no data: an alarm on several metrics must not need all of them.
  it.each([...ALARMS].filter(([key]) => /^(?:rollback-.*|table-system-errors)$/.test(key)))(
    '%s goes off for each of its metrics alone',
    (key, alarm) => {
      for (const only of figures(alarm, 1)) {
        const timeline = new AlarmTimeline(new Map([[key, alarm]]));

        timeline.passData(3, [only]);

        expect(timeline.inState('ALARM'), JSON.stringify(only)).toEqual(new Set([key]));
      }
    },
  );

  it('watch every operation on the table that the function may call', () => {
    const watched = [...(ALARMS.get('table-system-errors')?.metrics.values() ?? [])].map(
      ({ dimensions }) => `dynamodb:${dimensions.Operation}`,
    );
    const allowed = actionsAllowedBy(functionRole('ScoreConnections')).filter((action) =>
      action.startsWith('dynamodb:'),
    );

    expect(watched.sort()).toEqual(allowed);
  });

  it('one goes off after three hours in which lists were not refreshed, and of which nothing is heard', () => {
    const alarm = ALARMS.get('feeds-stopped') as AlarmDefinition;
    const timeline = new AlarmTimeline(new Map([['feeds-stopped' as AlarmKey, alarm]]));

    for (let hour = 0; hour < 6; hour++) timeline.passData(STEPS_PER_HOUR, figures(alarm, 1));
    timeline.passData(2 * STEPS_PER_HOUR, []);
    const before = timeline.stateOf('feeds-stopped');
    timeline.passData(4 * STEPS_PER_HOUR, []);

    expect([before, timeline.stateOf('feeds-stopped')]).toEqual(['OK', 'ALARM']);
  });

  it('rest while the metrics of executions arrive, and while there are no executions', () => {
    const alarm = ALARMS.get('metrics-missing') as AlarmDefinition;
    const all = figures(alarm, { Errors: 0, Invocations: 1, MessagesReceived: 1 });
    const timeline = new AlarmTimeline(new Map([['metrics-missing' as AlarmKey, alarm]]));

    timeline.passData(STEPS_PER_HOUR, all);
    timeline.passData(12 * STEPS_PER_HOUR, []);
    const raised = timeline.passData(STEPS_PER_HOUR, all);

    expect([...raised]).toEqual([]);
  });
});

describe("what is watched of AWS's metrics", () => {
  const watched = [
    ...[...DEPLOYED_ALARMS.values()].flatMap(({ metrics }) => [...metrics.values()]),
    ...dashboardMetrics(),
  ].filter(({ namespace }) => namespace !== METRICS_NAMESPACE);

  it('exists, under these dimensions', () => {
    expect(watched.length).toBeGreaterThan(30);
    for (const { namespace, name, dimensions } of watched) {
      const known = AWS_METRICS[namespace]?.[name];
      const names = Object.keys(dimensions).sort();
      const sets = (known?.dimensions ?? []).map((set) => set.toSorted());
      expect(sets, `${namespace} ${name} by ${names}`).toContainEqual(names);
    }
  });

  it("is that of the deployment's own resources", () => {
    for (const { name, dimensions } of watched) {
      const { Operation: _, GlobalSecondaryIndexName: __, ...resource } = dimensions;
      const [value = ''] = Object.values(resource);
      // From another stack, through its output or in the dashboard's text, or from the Monitoring stack.
      expect(value, name).toMatch(
        /^(?:\{"Fn::GetStackOutput":\{"StackName":"ThreatConsensus-|\$\{ThreatConsensus-|\{"(?:Ref|Fn::GetAtt)":\[?"Rollback)/,
      );
    }
  });
});

/** The values of an alarm's metrics. */
function figures({ metrics }: AlarmDefinition, given: Figures): Omit<MetricDatum, 'timestampMs'>[] {
  return [...metrics.values()].flatMap(({ namespace, name, dimensions }) => {
    const value = typeof given === 'number' ? given : given[name];
    return value === undefined ? [] : { namespace, name, dimensions, value };
  });
}

/** Number of timeline steps in a number of an alarm's periods. */
function stepsOf({ periodSeconds }: AlarmDefinition, periods: number): number {
  return (periods * periodSeconds * STEPS_PER_HOUR) / 3600;
}
