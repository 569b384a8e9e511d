import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaryPlace, effectivePercent, usesConsensus } from '../../../lib/cutover/canary.ts';

const address = fc.oneof(fc.ipV4(), fc.ipV6());
const percent = fc.integer({ min: 0, max: 100 });

const parallel = (consensusPercent: number) => ({ mode: 'parallel', consensusPercent }) as const;

describe('the canary', () => {
  // A changed hash would move addresses between the scores with a deployment.
  it.each([
    ['8.8.8.8', 52],
    ['203.0.113.201', 94],
    ['2001:db8::1', 89],
  ])('has %s at a place that never changes', (given, place) => {
    expect(canaryPlace(given)).toBe(place);
  });

  it('only ever adds addresses when the percentage is raised', () => {
    fc.assert(
      fc.property(address, percent, percent, (given, one, other) => {
        const [lower, higher] = one < other ? [one, other] : [other, one];

        if (usesConsensus(parallel(lower), given)) expect(usesConsensus(parallel(higher), given)).toBe(true);
      }),
    );
  });

  it('is nobody at 0 and everybody at 100', () => {
    fc.assert(
      fc.property(address, (given) => {
        expect(usesConsensus(parallel(0), given)).toBe(false);
        expect(usesConsensus(parallel(100), given)).toBe(true);
      }),
    );
  });

  it.each([1, 10, 50, 90])('takes %d % of neighbouring addresses, give or take a little', (share) => {
    const neighbours = Array.from(
      { length: 20_000 },
      (_, n) => `198.${n >> 14}.${(n >> 7) & 127}.${n & 127}`,
    );

    const taken = neighbours.filter((given) => usesConsensus(parallel(share), given)).length;

    // Four standard deviations of a binomial; the addresses are fixed, so this never fails by chance.
    const deviation = Math.sqrt(20_000 * (share / 100) * (1 - share / 100));
    expect(Math.abs(taken - 200 * share)).toBeLessThan(4 * deviation);
  });

  it('has no say in the other modes', () => {
    fc.assert(
      fc.property(address, percent, (given, consensusPercent) => {
        expect(usesConsensus({ mode: 'legacy', consensusPercent }, given)).toBe(false);
        expect(usesConsensus({ mode: 'consensus', consensusPercent }, given)).toBe(true);
      }),
    );
  });
});

it.each([
  ['legacy', 40, 0],
  ['parallel', 40, 40],
  ['consensus', 40, 100],
] as const)('in mode %s with %d % the consensus decides for %d %', (mode, consensusPercent, expected) => {
  expect(effectivePercent({ mode, consensusPercent })).toBe(expected);
});
