import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, median } from '../../../lib/consensus/median.ts';

const shares = fc.double({ min: 0, max: 1, noNaN: true });

describe('median', () => {
  it.each([
    { values: [0.4], expected: 0.4 },
    { values: [0.1, 0.2], expected: 0.15 },
    { values: [0.9, 0.1, 0.5], expected: 0.5 },
    { values: [0.1, 0.5, 0.8], expected: 0.5 },
    { values: [1, 0, 0.25, 0.75], expected: 0.5 },
  ])('of $values is $expected', ({ values, expected }) => {
    expect(median(values)).toBe(expected);
  });

  it('refuses an empty list', () => {
    expect(() => median([])).toThrow(new RangeError('median of no values'));
  });

  it('stays within the honest range for any faulty minority of one to nine votes', () => {
    const votes = fc.integer({ min: 1, max: 9 }).chain((count) =>
      fc.nat(Math.ceil(count / 2) - 1).chain((faultyCount) =>
        fc.record({
          honest: fc.array(shares, { minLength: count - faultyCount, maxLength: count - faultyCount }),
          faulty: fc.array(shares, { minLength: faultyCount, maxLength: faultyCount }),
        }),
      ),
    );
    fc.assert(
      fc.property(votes, ({ honest, faulty }) => {
        const score = median([...faulty, ...honest]);
        expect(score).toBeGreaterThanOrEqual(Math.min(...honest));
        expect(score).toBeLessThanOrEqual(Math.max(...honest));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not depend on order and leaves its argument alone', () => {
    fc.assert(
      fc.property(fc.array(shares, { minLength: 1, maxLength: 9 }), (values) => {
        const copy = [...values];
        expect(median(values)).toBe(median(values.toReversed()));
        expect(values).toEqual(copy);
      }),
    );
  });
});

describe('distance', () => {
  it('is free of the noise of binary fractions', () => {
    expect(0.55 - 0.3).toBeGreaterThan(0.25);
    expect(distance(0.55, 0.3)).toBe(0.25);
  });
});
