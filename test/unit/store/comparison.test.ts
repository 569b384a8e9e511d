import { describe, expect, it } from 'vitest';
import { divergenceOf, flipsOf } from '../../../lib/store/comparison.ts';

describe('flipsOf', () => {
  it('counts what one of the scores alone takes for malicious', () => {
    // Both clear 100, both accuse 1,000.
    const flips = [
      [100, 2],
      [5, 1_000],
    ];

    expect(flipsOf({ flips })).toBe(7);
    expect(flipsOf({ flips: [[1], []] })).toBe(0);
    expect(flipsOf({ flips: [] })).toBe(0);
  });
});

describe('divergenceOf', () => {
  it.each([
    [0.2, 0.9, 0.7],
    [0.9, 0.2, 0.7],
    [0.5, 0.5, 0],
    [0, 1, 1],
    // As numbers, 0.9 and 0.7 are further apart than 0.2.
    [0.7, 0.9, 0.2],
    [0.1, 0.3, 0.2],
  ])('of %d and %d is exactly %d', (legacy_score, consensus_score, expected) => {
    expect(divergenceOf({ legacy_score, consensus_score })).toBe(expected);
  });
});
