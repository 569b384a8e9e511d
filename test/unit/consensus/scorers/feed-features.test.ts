import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../../../lib/consensus/evidence.ts';
import { figure } from '../../../../lib/consensus/scorers/features.ts';
import { FEED_FEATURES, readFeedFeatures } from '../../../../lib/consensus/scorers/feed-features.ts';
import { vendors, withIntel } from '../scoring-inputs.ts';

const FULL_ANSWER = Math.log1p(94);

describe('readFeedFeatures', () => {
  it.each([
    { name: 'nothing', flags: 0, total: 0, expected: [0, 0, 0] },
    { name: 'silent vendors', flags: 0, total: 94, expected: [0, 0, 1] },
    {
      name: 'a vendor of a hundred',
      flags: 1,
      total: 100,
      expected: [0.25, Math.log1p(1) / FULL_ANSWER, Math.log1p(100) / FULL_ANSWER],
    },
    {
      name: 'a single vendor',
      flags: 1,
      total: 1,
      expected: [1, Math.log1p(1) / FULL_ANSWER, Math.log1p(1) / FULL_ANSWER],
    },
    {
      name: 'more than anyone has',
      flags: 1e6,
      total: 1e6,
      expected: [1, Math.log1p(1_000) / FULL_ANSWER, Math.log1p(1_000) / FULL_ANSWER],
    },
  ])('measures $name', ({ flags, total, expected }) => {
    const features = readFeedFeatures(readEvidence(withIntel({ virustotal: vendors(flags, total) })));

    features.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 12);
    });
  });

  it('gives them in the order in which they are named, with the sign that a weight may take', () => {
    expect(FEED_FEATURES).toEqual([
      { name: 'feed_share', sign: 1 },
      { name: 'feed_flags', sign: 1 },
      { name: 'feeds_asked', sign: -1 },
    ]);
  });
});

describe('figure', () => {
  it.each([
    [0.123_449, 0.1234],
    [0.123_45, 0.1235],
    [-2.000_06, -2.0001],
    [0.000_04, 0],
  ])('rounds %s to %s', (value, rounded) => {
    expect(figure('a', value)).toBe(rounded);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (value) => {
    expect(() => figure('odd', value)).toThrow(new RangeError(`feature odd is ${value}`));
  });
});
