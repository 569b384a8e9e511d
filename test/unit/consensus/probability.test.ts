import { describe, expect, it } from 'vitest';
import {
  BASE_RATE,
  logOdds,
  probabilityOf,
  roundToFourDecimals,
  toPercent,
} from '../../../lib/consensus/probability.ts';

describe('probabilities', () => {
  it('start from 6 %', () => {
    expect(BASE_RATE).toBe(0.06);
  });

  it.each([
    { probability: 0.5, odds: 1 },
    { probability: 0.75, odds: 3 },
    { probability: 0.2, odds: 0.25 },
  ])('of $probability are odds of $odds, and back', ({ probability, odds }) => {
    expect(logOdds(probability)).toBeCloseTo(Math.log(odds), 12);
    expect(probabilityOf(Math.log(odds))).toBeCloseTo(probability, 12);
  });

  it('are bounded for any log-odds', () => {
    expect([probabilityOf(1_000), probabilityOf(-1_000)]).toEqual([1, 0]);
  });

  it.each([
    { value: 0.123_45, rounded: 0.1235 },
    { value: 0.123_44, rounded: 0.1234 },
    { value: -1.5, rounded: -1.5 },
  ])('are stored with four decimals: $value as $rounded', ({ value, rounded }) => {
    expect(roundToFourDecimals(value)).toBe(rounded);
  });

  it.each([
    { share: 0.054, percent: 5 },
    { share: 0.056, percent: 6 },
    { share: 0.99, percent: 99 },
    { share: 1, percent: 99 },
  ])('are whole percent in prose, at most 99: $share as $percent', ({ share, percent }) => {
    expect(toPercent(share)).toBe(percent);
  });
});
