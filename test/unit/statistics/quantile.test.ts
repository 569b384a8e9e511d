import { describe, expect, it } from 'vitest';
import { quantile, weightedQuantile } from '../../../lib/statistics/quantile.ts';

describe('weightedQuantile', () => {
  const samples = [
    { value: 30, weight: 1 },
    { value: 10, weight: 98 },
    { value: 20, weight: 1 },
    { value: 99, weight: 0 },
  ];

  it.each([
    [0, 10],
    [0.5, 10],
    [0.98, 10],
    [0.99, 20],
    [0.995, 30],
    [1, 30],
  ])('at %d is %d', (share, expected) => {
    expect(weightedQuantile(samples, share)).toBe(expected);
  });

  it('of nothing is null', () => {
    expect(weightedQuantile([{ value: 1, weight: 0 }], 0.5)).toBeNull();
  });
});

it('quantile counts each value once', () => {
  expect([0, 0.5, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 2, 4]);
});
