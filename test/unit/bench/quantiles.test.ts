import { describe, expect, it } from 'vitest';
import { medianOf, quantileOf } from '../../bench/quantiles.ts';

it('a quantile of nothing is refused', () => {
  expect(() => quantileOf([{ value: 1, weight: 0 }], 0.5)).toThrow(RangeError);
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
