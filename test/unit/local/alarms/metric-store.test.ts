import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MetricDatum, readEmbeddedMetrics } from '../../../../lib/local/alarms/embedded-metrics.ts';
import { MetricStore, STATISTICS } from '../../../../lib/local/alarms/metric-store.ts';

function datum(overrides: Partial<MetricDatum> = {}): MetricDatum {
  return {
    namespace: 'Test',
    name: 'Records',
    dimensions: { service: 'one', stage: 'two' },
    timestampMs: 600_000,
    value: 3,
    ...overrides,
  };
}

function storeOf(...data: readonly MetricDatum[]): MetricStore {
  const store = new MetricStore();
  for (const each of data) store.put(each);
  return store;
}

const QUERY = {
  namespace: 'Test',
  name: 'Records',
  dimensions: { stage: 'two', service: 'one' },
  statistic: 'Sum',
} as const;

describe('MetricStore', () => {
  it.each([
    ['Sum', 12],
    ['SampleCount', 4],
    ['Average', 3],
    ['Maximum', 7],
    ['Minimum', -1],
  ] as const)('takes the %s of a period', (statistic, expected) => {
    const store = storeOf(
      datum({ timestampMs: 599_999, value: 1_000 }),
      datum({ timestampMs: 600_000, value: 7 }),
      datum({ timestampMs: 600_400, value: 4 }),
      datum({ timestampMs: 700_000, value: 2 }),
      datum({ timestampMs: 899_999, value: -1 }),
      datum({ timestampMs: 900_000, value: 1_000 }),
    );

    expect(store.statistic({ ...QUERY, statistic }, 600, 300)).toBe(expected);
  });

  it.each(STATISTICS)('has no %s where there is nothing', (statistic) => {
    expect(storeOf(datum()).statistic({ ...QUERY, statistic }, 900, 300)).toBeUndefined();
  });

  it.each([
    { namespace: 'Other' },
    { name: 'Other' },
    { dimensions: { service: 'one' } },
    { dimensions: { service: 'two', stage: 'two' } },
  ])('tells $namespace $name $dimensions apart', (other) => {
    const store = storeOf(datum());

    expect(store.has(QUERY)).toBe(true);
    expect(store.has({ ...QUERY, ...other })).toBe(false);
    expect(store.statistic({ ...QUERY, ...other }, 600, 300)).toBeUndefined();
  });
});

describe('readEmbeddedMetrics', () => {
  beforeEach(() => {
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('reads what the metrics library prints', () => {
    const metrics = new Metrics({ namespace: 'Test', serviceName: 'one' });
    metrics.addMetric('Records', MetricUnit.Count, 3);
    metrics.addMetric('Waits', MetricUnit.Milliseconds, 5);
    metrics.addMetric('Waits', MetricUnit.Milliseconds, 6);
    const line = JSON.stringify(metrics.serializeMetrics());

    const common = { namespace: 'Test', dimensions: { service: 'one' }, timestampMs: expect.any(Number) };
    expect(readEmbeddedMetrics(line)).toEqual([
      { ...common, name: 'Records', value: 3 },
      { ...common, name: 'Waits', value: 5 },
      { ...common, name: 'Waits', value: 6 },
    ]);
  });

  it('knows a metric once for each set of dimensions', () => {
    const line = JSON.stringify({
      _aws: {
        Timestamp: 1_000,
        CloudWatchMetrics: [
          {
            Namespace: 'Test',
            Dimensions: [['stage'], [], ['stage', 'service']],
            Metrics: [{ Name: 'Records' }],
          },
        ],
      },
      stage: 'dev',
      service: 'one',
      Records: 4,
    });

    const common = { namespace: 'Test', name: 'Records', timestampMs: 1_000, value: 4 };
    expect(readEmbeddedMetrics(line)).toEqual([
      { ...common, dimensions: { stage: 'dev' } },
      { ...common, dimensions: {} },
      { ...common, dimensions: { stage: 'dev', service: 'one' } },
    ]);
  });

  it.each(['', 'START RequestId', '{"level":"WARN"}', '{"_aws": broken'])('finds nothing in %j', (line) => {
    expect(readEmbeddedMetrics(line)).toEqual([]);
  });
});
