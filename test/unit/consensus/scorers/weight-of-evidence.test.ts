import { describe, expect, it } from 'vitest';
import {
  type BetaBinomial,
  boundWeight,
  createCountWeight,
  createFlagWeight,
  type NegativeBinomial,
} from '../../../../lib/consensus/scorers/weight-of-evidence.ts';

/** Sum of the logarithms of `count` numbers from `first` on: the logarithm of a rising factorial. */
function logRising(first: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.log(first + i);
  return sum;
}

describe('createFlagWeight', () => {
  const malicious: BetaBinomial = { alpha: 2, beta: 5 };
  const benign: BetaBinomial = { alpha: 0.5, beta: 30 };
  const weigh = createFlagWeight(malicious, benign, 20);

  /** Logarithm of the beta-binomial probability without the binomial coefficient, which both classes share. */
  function logLikelihood(flags: number, total: number, { alpha, beta }: BetaBinomial): number {
    return logRising(alpha, flags) + logRising(beta, total - flags) - logRising(alpha + beta, total);
  }

  it('is the log likelihood ratio of two beta-binomial distributions', () => {
    for (const total of [1, 2, 7, 19, 20]) {
      for (let flags = 0; flags <= total; flags++) {
        const ratio = logLikelihood(flags, total, malicious) - logLikelihood(flags, total, benign);
        expect(weigh(flags, total)).toBeCloseTo(ratio, 10);
      }
    }
  });

  it.each([0, -1])('is 0 where %i voters were asked', (total) => {
    expect(weigh(0, total)).toBe(0);
  });

  it('lies half-way for half a flag', () => {
    const ofHalf = weigh(2.5, 10);

    expect(ofHalf).toBeCloseTo((weigh(2, 10) + weigh(3, 10)) / 2, 10);
  });

  it('depends on the share only where there are more voters than it holds', () => {
    expect(weigh(10, 40)).toBeCloseTo(weigh(5, 20), 10);
    expect(weigh(21, 21)).toBeCloseTo(weigh(20, 20), 10);
  });
});

describe('createCountWeight', () => {
  const malicious: NegativeBinomial = { size: 1.5, continuation: 0.9 };
  const benign: NegativeBinomial = { size: 0.5, continuation: 0.4 };
  const weigh = createCountWeight(malicious, benign, 30);

  /** Logarithm of the negative binomial probability without the factorial of the count. */
  function logLikelihood(count: number, { size, continuation }: NegativeBinomial): number {
    return logRising(size, count) + size * Math.log(1 - continuation) + count * Math.log(continuation);
  }

  it('is the log likelihood ratio of two negative binomial distributions', () => {
    for (const count of [0, 1, 2, 10, 29, 30]) {
      expect(weigh(count)).toBeCloseTo(logLikelihood(count, malicious) - logLikelihood(count, benign), 10);
    }
  });

  it('lies between those of whole counts for discounted ones', () => {
    expect(weigh(4.25)).toBeCloseTo(0.75 * weigh(4) + 0.25 * weigh(5), 10);
  });

  it('grows no further than the largest count', () => {
    expect(weigh(31)).toBe(weigh(30));
    expect(weigh(1e9)).toBe(weigh(30));
    expect(weigh(30)).toBeGreaterThan(weigh(29.9));
  });
});

describe('boundWeight', () => {
  it.each([0.002, 0.01, 0.05, 0.3])('keeps no evidence exactly that at an error rate of %s', (errorRate) => {
    expect(boundWeight(0, errorRate)).toBe(0);
  });

  it.each([
    { weight: 1, errorRate: 0, bounded: 1 },
    // A likelihood ratio of 9 with one error in ten: (0.9 x 9 + 0.1) / (0.1 x 9 + 0.9).
    { weight: Math.log(9), errorRate: 0.1, bounded: Math.log(8.2 / 1.8) },
    { weight: -Math.log(9), errorRate: 0.1, bounded: -Math.log(8.2 / 1.8) },
    { weight: 40, errorRate: 0.01, bounded: Math.log(99) },
    { weight: 1_000, errorRate: 0.01, bounded: Math.log(99) },
    { weight: -1_000, errorRate: 0.01, bounded: -Math.log(99) },
  ])('of $weight at an error rate of $errorRate is $bounded', ({ weight, errorRate, bounded }) => {
    expect(boundWeight(weight, errorRate)).toBeCloseTo(bounded, 10);
  });
});
