import { describe, expect, it } from 'vitest';
import { SCORER_NAMES } from '../../../lib/consensus/vote.ts';
import { SCORE_BUCKETS } from '../../../lib/store/unit-statistics.ts';
import { LATENCY_BUCKETS, LOOK_UP_METRICS, METRICS } from '../../../lib/telemetry/metric-names.ts';

const { scorerFailures, threatScoreBuckets, ...single } = METRICS;
const { listed, outdated, ...providers } = LOOK_UP_METRICS;
const names: readonly string[] = [
  listed,
  outdated,
  ...Object.values(providers).flatMap(({ outcomes, ...others }) => [
    ...Object.values(others),
    ...Object.values(outcomes),
  ]),
  ...Object.values(single),
  ...Object.values(scorerFailures),
  ...threatScoreBuckets,
  ...LATENCY_BUCKETS.map(({ metric }) => metric),
];

describe('metric names', () => {
  it('are all different', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(names)('are names that CloudWatch takes: %s', (name) => {
    expect(name).toMatch(/^[A-Z][A-Za-z0-9]{2,254}$/);
  });

  it('count the failures of each scorer apart', () => {
    expect(Object.keys(scorerFailures).sort()).toEqual([...SCORER_NAMES].sort());
  });

  it('name each bucket of the threat score by its bounds, in order', () => {
    const bounds = threatScoreBuckets.map((name) =>
      /^ThreatScore(\d+)To(\d+)$/.exec(name)?.slice(1).map(Number),
    );

    expect(bounds).toEqual(Array.from({ length: SCORE_BUCKETS }, (_, n) => [n * 10, (n + 1) * 10]));
  });

  it('sort the buckets of latency by their bounds, the last without one', () => {
    const bounds = LATENCY_BUCKETS.map(({ maxMilliseconds }) => maxMilliseconds);

    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
    expect(new Set(bounds).size).toBe(bounds.length);
    expect(bounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('have a bound at the promised 100 ms', () => {
    expect(LATENCY_BUCKETS.some(({ maxMilliseconds }) => maxMilliseconds === 100)).toBe(true);
  });
});
