import { describe, expect, it } from 'vitest';
import { medianOf, weightedQuantile } from '../../bench/quantiles.ts';

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
  ])('at %d is %d', (q, expected) => {
    expect(weightedQuantile(samples, q)).toBe(expected);
  });

  it('refuses to say anything of nothing', () => {
    expect(() => weightedQuantile([{ value: 1, weight: 0 }], 0.5)).toThrow(RangeError);
  });
});

describe('medianOf', () => {
  it.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2],
  ])('%j is %d', (values, expected) => {
    expect(medianOf(values)).toBe(expected);
  });
});
