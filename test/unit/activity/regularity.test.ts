import { expect, it } from 'vitest';
import { measureRegularity } from '../../../lib/activity/regularity.ts';

it.each<[string, number[], { median: number; dispersion: number; skewness: number }]>([
  ['one figure', [7], { median: 7, dispersion: 0, skewness: 0 }],
  ['a clock', [60, 60, 60, 60], { median: 60, dispersion: 0, skewness: 0 }],
  ['even jitter', [50, 55, 60, 65, 70], { median: 60, dispersion: 5 / 60, skewness: 0 }],
  ['one missed call', [60, 60, 60, 60, 600], { median: 60, dispersion: 0, skewness: 0 }],
  ['a long tail', [1, 1, 2, 4, 8], { median: 2, dispersion: 0.5, skewness: 1 / 3 }],
  ['zeros', [0, 0, 0], { median: 0, dispersion: Number.POSITIVE_INFINITY, skewness: 0 }],
])('measures %s', (_, values, expected) => {
  const { median, dispersion, skewness } = measureRegularity(values);

  expect(median).toBe(expected.median);
  expect(dispersion).toBeCloseTo(expected.dispersion, 10);
  expect(skewness).toBeCloseTo(expected.skewness, 10);
});
