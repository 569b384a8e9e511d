import { describe, expect, it } from 'vitest';
import { divergenceOf } from '../../../lib/store/comparison.ts';

describe('divergenceOf', () => {
  it.each([
    [0.2, 0.9, 0.7],
    [0.9, 0.2, 0.7],
    [0.5, 0.5, 0],
    [0, 1, 1],
    // In floating point, 0.9 and 0.7 differ by more than 0.2.
    [0.7, 0.9, 0.2],
    [0.1, 0.3, 0.2],
  ])('of %d and %d is exactly %d', (legacy_score, consensus_score, expected) => {
    expect(divergenceOf({ legacy_score, consensus_score })).toBe(expected);
  });
});
