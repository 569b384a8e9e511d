import { describe, expect, it } from 'vitest';
import { combineKinds, joinOverlapping } from '../../../../lib/consensus/scorers/combine-weights.ts';

describe('joinOverlapping', () => {
  it.each([
    { a: 2, b: 1, joined: 2.3, why: 'the weaker of two that agree adds 30 %' },
    { a: 1, b: 2, joined: 2.3, why: 'in either order' },
    { a: -2, b: -1, joined: -2.3, why: 'below zero too' },
    { a: 2, b: -1, joined: 1, why: 'what disagrees does not overlap' },
    { a: 2, b: 0, joined: 2, why: 'nothing adds nothing' },
  ])('$a and $b are $joined: $why', ({ a, b, joined }) => {
    expect(joinOverlapping(a, b)).toBeCloseTo(joined, 12);
  });
});

describe('combineKinds', () => {
  it.each([
    { feeds: 0.5, reports: 2, sum: 2.5, why: 'both speak' },
    { feeds: 2, reports: 0.5, sum: 2.5, why: 'both speak' },
    { feeds: -1, reports: 3, sum: 2.75, why: 'silence of feeds fades' },
    { feeds: -1, reports: 0.6, sum: -0.025, why: 'silence of feeds fades a little' },
    { feeds: 3, reports: -1, sum: 2.75, why: 'silence of reports fades' },
    { feeds: 0.6, reports: -1, sum: -0.025, why: 'silence of reports fades a little' },
    { feeds: -2, reports: -1, sum: -2.3, why: 'silence of both says little more' },
    { feeds: -2, reports: 0, sum: -2, why: 'one was not asked' },
    { feeds: 0, reports: -2, sum: -2, why: 'the other was not asked' },
    { feeds: 0, reports: 0, sum: 0, why: 'none was asked' },
  ])('feeds $feeds and reports $reports are $sum: $why', ({ feeds, reports, sum }) => {
    expect(combineKinds(feeds, reports)).toBeCloseTo(sum, 12);
  });
});
