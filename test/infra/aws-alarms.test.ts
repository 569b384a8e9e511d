import { describe, expect, it } from 'vitest';
import type { AlarmKey } from '../../infra/monitoring/alarm-catalogue.ts';
import type { AlarmDefinition } from '../../lib/local/alarms/alarm-definition.ts';
import type { MetricDatum } from '../../lib/local/alarms/embedded-metrics.ts';
import { METRICS_NAMESPACE } from '../../lib/telemetry/metric-names.ts';
import { AlarmTimeline, STEPS_PER_HOUR } from '../fixtures/infra/alarm-timeline.ts';
import { AWS_METRICS } from '../fixtures/infra/aws-metrics.ts';
import { dashboardMetrics } from '../fixtures/infra/dashboard-body.ts';
import { DEPLOYED_ALARMS, isOwn } from '../fixtures/infra/deployed-alarms.ts';

const ALARMS = new Map([...DEPLOYED_ALARMS].filter(([, alarm]) => !isOwn(alarm)));

/** For each alarm, a figure that is wrong and one that is not. */
const FIGURES: Readonly<Partial<Record<AlarmKey, readonly [wrong: number, right: number]>>> = {
  'oldest-message': [901, 900],
  'dead-letter-queue': [1, 0],
  'function-errors': [1, 0],
  'function-throttles': [1, 0],
  'function-duration': [24_001, 24_000],
  'table-write-throttles': [1, 0],
  'index-write-throttles': [1, 0],
  'table-system-errors': [1, 0],
  'rollback-failed': [1, 0],
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
    timeline.passData(3, figures(alarm, wrong));
    const during = timeline.inState('ALARM');
    timeline.passData(3, figures(alarm, right));

    expect(before).toEqual(new Set([key]));
    expect(during).toEqual(new Set([key]));
    expect(timeline.inState('OK')).toEqual(new Set([key]));
  });

  it.each([...ALARMS])('%s ends when there is no figure any more', (key, alarm) => {
    const [wrong = 0] = FIGURES[key] ?? [];
    const timeline = new AlarmTimeline(new Map([[key, alarm]]));

    timeline.passData(3, figures(alarm, wrong));
    timeline.passData(STEPS_PER_HOUR, []);

    expect(timeline.inState('OK')).toEqual(new Set([key]));
  });

  // AWS fills in zeros for what has not come yet, so that a filled metric's latest figure may always be 0.
  it.each([...ALARMS])('%s goes off although the latest figure is late', (key, alarm) => {
    const [wrong = 0] = FIGURES[key] ?? [];
    const timeline = new AlarmTimeline(new Map([[key, alarm]]));

    timeline.passData(2, figures(alarm, wrong));
    timeline.passData(1, []);

    expect(timeline.inState('ALARM')).toEqual(new Set([key]));
  });

  it.each([...ALARMS])('%s counts errors by their sum, not by their average', (_, { metrics }) => {
    for (const { name, statistic } of metrics.values()) {
      const isCount = /Errors|Throttle/.test(name);
      expect(statistic).toBe(isCount ? 'Sum' : 'Maximum');
    }
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
      // Another stack's, as its output or in the dashboard's text, or the Monitoring stack's own.
      expect(value, name).toMatch(
        /^(?:\{"Fn::GetStackOutput":\{"StackName":"ThreatConsensus-|\$\{ThreatConsensus-|\{"(?:Ref|Fn::GetAtt)":\[?"Rollback)/,
      );
    }
  });
});

/** Gives every metric of an alarm one figure. */
function figures({ metrics }: AlarmDefinition, value: number): Omit<MetricDatum, 'timestampMs'>[] {
  return [...metrics.values()].map(({ namespace, name, dimensions }) => ({
    namespace,
    name,
    dimensions,
    value,
  }));
}
