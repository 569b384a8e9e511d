import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentStepOf, stepOf } from '../../../lib/activity/steps.ts';

describe('stepOf', () => {
  it.each([
    [0, 0],
    [0.9, 0],
    [Number.NaN, 0],
    [1, 1],
    [2, 2],
    [4, 3],
    [5, 5],
    [9, 5],
    [10, 10],
    [29, 20],
    [99, 50],
    [100, 100],
    [816, 500],
    [1e9 + 1, 1e9],
  ])('takes %d for %d', (count, expected) => {
    expect(stepOf(count)).toBe(expected);
  });

  it('never exceeds the count, never falls behind its half by much, and rises with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];

        expect(stepOf(small)).toBeLessThanOrEqual(small);
        expect(stepOf(small)).toBeGreaterThanOrEqual(small / 2);
        expect(stepOf(small)).toBeLessThanOrEqual(stepOf(large));
      }),
    );
  });
});

describe('percentStepOf', () => {
  it.each([
    [0, 0],
    [0.001, 1],
    [0.05, 5],
    [0.051, 10],
    [0.9, 100],
    [Number.POSITIVE_INFINITY, 100],
  ])('takes a share of %d for %d percent', (share, expected) => {
    expect(percentStepOf(share)).toBe(expected);
  });
});
