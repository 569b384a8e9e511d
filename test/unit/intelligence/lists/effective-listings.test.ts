import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../../lib/consensus/consensus.ts';
import { LIST_KINDS } from '../../../../lib/consensus/listing.ts';
import {
  ageOf,
  dayOfConnection,
  effectiveListings,
  type ListMatch,
} from '../../../../lib/intelligence/lists/effective-listings.ts';
import { isNeutral, type ListTraits } from '../../../../lib/intelligence/lists/list-traits.ts';

const TODAY = 20_000;

function match(lastListedDay: number, traits: Partial<ListTraits> = {}): ListMatch {
  return {
    list: { source: 'DShield', kind: 'malicious', family: 'DShield', weight: 81, halfLifeDays: 7, ...traits },
    lastListedDay,
  };
}

describe('the age of a listing', () => {
  it.each([
    ['listed that day', 0, 0],
    ['six days later', 6, 0],
    ['a half-life later', 7, 1],
    ['just within two', 13, 1],
    ['two half-lives later', 14, 2],
    ['just within three', 20, 2],
    ['three half-lives later', 21, undefined],
    ['in an older recording', -9_000, 0],
  ])('of a connection %s is %s half-lives', (_, days, age) => {
    expect(ageOf(match(TODAY), TODAY + days)).toBe(age);
  });

  it.each([
    [0, 0],
    [86_399.999, 0],
    [86_400, 1],
    [1_664_462_456.755, 19_264],
  ])('counts from the day (UTC) of the connection: %d is day %d', (timestamp, day) => {
    expect(dayOfConnection(timestamp)).toBe(day);
  });
});

describe('effective listings', () => {
  it('halve the logarithm of the weight with each half-life, then are gone', () => {
    const weights = [0, 7, 14, 21].map((days) => effectiveListings([match(TODAY)], TODAY + days));

    expect(weights).toEqual([
      [{ source: 'DShield', kind: 'malicious', weight: 81 }],
      [{ source: 'DShield', kind: 'malicious', weight: 9, unlisted_days: 7 }],
      [{ source: 'DShield', kind: 'malicious', weight: 3, unlisted_days: 14 }],
      [],
    ]);
  });

  it('name the family where it is another than the list', () => {
    expect(effectiveListings([match(TODAY, { family: 'sensors' })], TODAY)).toEqual([
      { source: 'DShield', kind: 'malicious', family: 'sensors', weight: 81 },
    ]);
  });

  it('put known-good first, then the strongest of each family, infrastructure, and copies last', () => {
    const matches = [
      match(TODAY, { source: 'cloud', kind: 'infrastructure', weight: 1 }),
      match(TODAY, { source: 'copy', family: 'sensors', weight: 40 }),
      match(TODAY, { source: 'weak', family: 'weak', kind: 'suspicious', weight: 8 }),
      match(TODAY, { source: 'original', family: 'sensors', weight: 60 }),
      match(TODAY, { source: 'resolvers', kind: 'known-good', weight: 1 }),
    ];

    const sources = effectiveListings(matches, TODAY).map(({ source }) => source);

    expect(sources).toEqual(['resolvers', 'original', 'weak', 'cloud', 'copy']);
  });

  const matches = fc.uniqueArray(
    fc
      .record({
        source: fc.integer({ min: 0, max: 40 }).map((n) => `list ${n}`),
        kind: fc.constantFrom(...LIST_KINDS),
        family: fc.constantFrom('a', 'b', 'c', 'd'),
        weight: fc.double({ min: 1.01, max: 1_000, noNaN: true }),
        halfLifeDays: fc.integer({ min: 1, max: 30 }),
        lastListedDay: fc.integer({ min: TODAY - 60, max: TODAY }),
      })
      .map(({ lastListedDay, ...list }) =>
        match(lastListedDay, isNeutral(list.kind) ? { ...list, weight: 1 } : list),
      ),
    { maxLength: 30, selector: ({ list }) => list.source },
  );

  it('are few, in one order, and score as all of them would', () => {
    const consensus = createConsensus();
    fc.assert(
      fc.property(matches, (all) => {
        const listings = effectiveListings(all, TODAY);
        const unbounded = all.flatMap((one) => effectiveListings([one], TODAY));
        const scoreOf = (some: typeof listings) =>
          consensus.assess({ address: '203.0.113.1', threat_intel: { listings: some } });

        expect(listings.length).toBe(Math.min(12, unbounded.length));
        expect(effectiveListings(all.toReversed(), TODAY)).toEqual(listings);
        expect(scoreOf(listings)).toMatchObject({ ...scoreOf(unbounded), votes: expect.anything() });
      }),
      { numRuns: 300 },
    );
  });
});
