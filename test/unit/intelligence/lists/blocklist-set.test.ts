import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeOfAddress, rangeOfBlock, rangeText } from '../../../../lib/intelligence/lists/address-range.ts';
import { countRecords, PackedSet, packRanges } from '../../../../lib/intelligence/lists/blocklist-set.ts';
import { type ListedRange, mergeRanges } from '../../../../lib/intelligence/lists/merge-ranges.ts';
import { canonicalAddress } from '../../../../lib/records/address.ts';

/** Few addresses, so that ranges overlap, touch and repeat. */
const SPACE = 40n;
const BASE = { 4: rangeOfAddress('23.0.0.250').first, 6: rangeOfAddress('2a00::fff0').first } as const;

const listedRange: fc.Arbitrary<ListedRange> = fc
  .record({
    family: fc.constantFrom(4 as const, 6 as const),
    ends: fc.tuple(fc.bigInt(0n, SPACE - 1n), fc.bigInt(0n, SPACE - 1n)),
    lists: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ family, ends: [a, b], lists }) => {
    const [first, last] = a < b ? [a, b] : [b, a];
    return { family, first: BASE[family] + first, last: BASE[family] + last, lists };
  });

describe('mergeRanges and packRanges', () => {
  it('keep for every address the highest number of lists that any range gives it', () => {
    fc.assert(
      fc.property(fc.array(listedRange, { maxLength: 12 }), (ranges) => {
        const merged = mergeRanges(ranges);
        const set = new PackedSet(packRanges(merged));
        for (const family of [4, 6] as const) {
          for (let n = -1n; n <= SPACE; n++) {
            const position = BASE[family] + n;
            const holding = ranges.filter(
              (range) => range.family === family && range.first <= position && position <= range.last,
            );
            const address = rangeText({ family, first: position, last: position });
            expect(set.listsOf(address)).toBe(Math.max(0, ...holding.map(({ lists }) => lists)));
          }
        }
        for (const [n, range] of merged.entries()) {
          const next = merged[n + 1];
          if (next?.family === range.family) expect(next.first > range.last).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('find addresses anywhere in the space of all', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => canonicalAddress(text) ?? '');
    fc.assert(
      fc.property(fc.uniqueArray(address, { maxLength: 100 }), address, (addresses, other) => {
        const ranges = addresses.map((each) => ({ ...rangeOfAddress(each), lists: 2 }));
        const set = new PackedSet(packRanges(mergeRanges(ranges)));
        for (const each of addresses) expect(set.listsOf(each)).toBe(2);
        expect(set.listsOf(other)).toBe(addresses.includes(other) ? 2 : 0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('packRanges', () => {
  it('takes five bytes an address, in parts that fit an item', () => {
    const listed = Array.from({ length: 100_000 }, (_, n) => ({
      ...rangeOfAddress(`23.${n >> 15}.${(n >> 7) & 255}.${(n & 127) * 2}`),
      lists: 255,
    }));

    const packed = packRanges(mergeRanges(listed));

    expect(packed.map(({ family, form }) => `${form} ${family}`)).toEqual(['addresses 4', 'addresses 4']);
    expect(packed.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(500_000);
    expect(Math.max(...packed.map(({ bytes }) => bytes.length))).toBeLessThan(390_000);
    expect(new PackedSet(packed).listsOf('23.3.13.62')).toBe(255);
    expect(countRecords(packed)).toEqual({ addresses: 100_000, ranges: 0 });
  });

  it('takes as much for a range of 16 million addresses as for one of two', () => {
    const packed = packRanges(
      mergeRanges(
        ['23.0.0.0/8', '25.0.0.0/31', '2a00::/16'].map((block) => ({ ...rangeOfBlock(block), lists: 1 })),
      ),
    );

    expect(packed.map(({ bytes }) => bytes.length)).toEqual([18, 33]);
    expect(countRecords(packed)).toEqual({ addresses: 0, ranges: 3 });
    const set = new PackedSet(packed);
    const found = [
      '22.255.255.255',
      '23.0.0.0',
      '23.255.255.255',
      '25.0.0.1',
      '25.0.0.2',
      '2a00:ffff::1',
      '2a01::',
    ];
    expect(found.filter((address) => set.listsOf(address) > 0)).toEqual([
      '23.0.0.0',
      '23.255.255.255',
      '25.0.0.1',
      '2a00:ffff::1',
    ]);
  });
});
