import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeOfAddress, rangeOfBlock, rangeText } from '../../../../lib/intelligence/lists/address-range.ts';
import { joinRanges } from '../../../../lib/intelligence/lists/join-ranges.ts';
import type { ListedRange } from '../../../../lib/intelligence/lists/listed-range.ts';
import { packRanges, unpackRanges } from '../../../../lib/intelligence/lists/packed-ranges.ts';
import { canonicalAddress } from '../../../../lib/records/address.ts';

/** Few addresses, so that ranges overlap, touch and repeat; they span words of 32 bits. */
const SPACE = 40n;
const BASE = {
  4: rangeOfAddress('23.0.0.250').first,
  6: rangeOfAddress('2a00::ffff:ffff:ffff:fff0').first,
} as const;

const listedRange: fc.Arbitrary<ListedRange> = fc
  .record({
    family: fc.constantFrom(4 as const, 6 as const),
    ends: fc.tuple(fc.bigInt(0n, SPACE - 1n), fc.bigInt(0n, SPACE - 1n)),
    lastListedDay: fc.integer({ min: 20_000, max: 20_003 }),
  })
  .map(({ family, ends: [a, b], lastListedDay }) => {
    const [first, last] = a < b ? [a, b] : [b, a];
    return { family, first: BASE[family] + first, last: BASE[family] + last, lastListedDay };
  });

function addressAt(family: 4 | 6, position: bigint): string {
  return rangeText({ family, first: position, last: position });
}

/** The expected entry of each address, found by checking every range. */
function latestDay(ranges: readonly ListedRange[], family: 4 | 6, position: bigint): number | undefined {
  const days = ranges
    .filter((range) => range.family === family && range.first <= position && position <= range.last)
    .map(({ lastListedDay }) => lastListedDay);
  return days.length === 0 ? undefined : Math.max(...days);
}

describe('a list that was packed and unpacked', () => {
  it('names what its ranges name, each address by its latest day, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(listedRange, { maxLength: 12 }), (ranges) => {
        const set = unpackRanges(packRanges(joinRanges(ranges)));

        for (const family of [4, 6] as const) {
          for (let position = BASE[family] - 1n; position <= BASE[family] + SPACE; position++) {
            expect(set.lastListedDay(addressAt(family, position))).toBe(latestDay(ranges, family, position));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives its ranges back, disjoint and in order', () => {
    fc.assert(
      fc.property(fc.array(listedRange, { maxLength: 12 }), (ranges) => {
        const joined = joinRanges(ranges);

        expect([...unpackRanges(packRanges(joined)).ranges()]).toEqual(joined);
        for (const [n, range] of joined.entries()) {
          const next = joined[n + 1];
          if (next?.family !== range.family) continue;
          const areOne = next.first === range.last + 1n && next.lastListedDay === range.lastListedDay;
          expect(next.first > range.last && !areOne).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['128.0.0.0/1', '128.0.0.0', '255.255.255.255'],
    ['::/0', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8:0:1::/64', '2001:db8:0:1::', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
    ['2a00:1:2:3:4:5:6:7/128', '2a00:1:2:3:4:5:6:7', '2a00:1:2:3:4:5:6:7'],
    ['::1/128', '::1', '::1'],
    ['1::/128', '1::', '1::'],
    ['64:ff9b::102:304/128', '64:ff9b::102:304', '64:ff9b::102:304'],
  ])('knows the ends of %s', (block, first, last) => {
    const set = unpackRanges(packRanges([{ ...rangeOfBlock(block), lastListedDay: 65_535 }]));

    expect(set.lastListedDay(first)).toBe(65_535);
    expect(set.lastListedDay(last)).toBe(65_535);
  });

  it('knows addresses of IPv6 however they are abbreviated', () => {
    const groups = fc.array(fc.constantFrom(0, 0, 0, 1, 0xab, 0xffff), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (parts) => {
        const address = canonicalAddress(parts.map((part) => part.toString(16)).join(':')) ?? '';
        fc.pre(address.includes(':'));
        const set = unpackRanges(packRanges([{ ...rangeOfAddress(address), lastListedDay: 1 }]));

        expect(set.lastListedDay(address)).toBe(1);
        expect([...set.ranges()].map(rangeText)).toEqual([address]);
      }),
      { numRuns: 200 },
    );
  });

  it('fits the items of a table, whatever it holds, and is the same list', () => {
    // Unordered addresses and sizes take the most space.
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 0x7fff_ffff;
      return state;
    };
    const ranges = joinRanges(
      Array.from({ length: 150_000 }, (_, n) => {
        const first = BigInt(random());
        return { family: 4, first, last: first + BigInt(random() % 255), lastListedDay: 20_000 + (n % 20) };
      }),
    );

    const parts = packRanges(ranges);

    expect(parts.length).toBeGreaterThan(2);
    for (const { bytes } of parts) expect(bytes.length).toBeLessThanOrEqual(350_000);
    const back = [...unpackRanges(parts).ranges()];
    expect(back.length).toBe(ranges.length);
    expect(back.filter((range, n) => rangeText(range) !== rangeText(ranges[n] ?? range))).toEqual([]);
    expect(back.map(({ lastListedDay }) => lastListedDay)).toEqual(
      ranges.map(({ lastListedDay }) => lastListedDay),
    );
  });

  it('refuses a part that does not hold what it says', () => {
    const [part] = packRanges([{ ...rangeOfAddress('192.0.2.1'), lastListedDay: 1 }]);

    expect(() => unpackRanges([{ ...part, family: 4, count: 2, bytes: part?.bytes ?? Buffer.of() }])).toThrow(
      '10 bytes where 2 ranges take 20',
    );
    expect(() => unpackRanges([{ family: 4, count: 1, bytes: Buffer.from('no') }])).toThrow();
  });
});
