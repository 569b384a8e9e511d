import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../../../lib/consensus/evidence.ts';
import { addFeature } from '../../../../lib/consensus/scorers/features.ts';
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

describe('addFeature', () => {
  it('rounds to four decimals and leaves out what rounds to zero', () => {
    const features = {};

    for (const [name, value] of Object.entries({ third: 1 / 3, minus: -2, none: 0, tiny: 0.00004 })) {
      addFeature(features, name, value);
    }

    expect(features).toEqual({ third: 0.3333, minus: -2 });
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses %s, so that the vote is discarded', (value) => {
    expect(() => addFeature({}, 'odd', value)).toThrow(new RangeError(`feature odd is ${value}`));
  });
});
