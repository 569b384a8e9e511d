import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Largest } from '../../../lib/statistics/largest.ts';

function largestOf(offers: readonly (readonly [key: string, size: number])[], most = 3): string[] {
  const largest = new Largest<string>(most);
  for (const [key, size] of offers) largest.offer(key, size, () => `${key}${size}`);
  return largest.items;
}

describe('the largest', () => {
  it('are one for each key, however many are offered', () => {
    const offers = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat({ max: 9 })));
    fc.assert(
      fc.property(offers, (all) => {
        const expected = [...Map.groupBy(all, ([key]) => key).values()]
          .map((group) => Math.max(...group.map(([, size]) => size)))
          .sort((a, b) => b - a)
          .slice(0, 3);

        expect(largestOf(all).map((item) => Number(item.slice(1)))).toEqual(expected);
      }),
    );
  });

  it('keep the first of equal ones in front', () => {
    expect(
      largestOf([
        ['b', 1],
        ['a', 1],
        ['c', 2],
        ['d', 1],
        ['b', 1],
      ]),
    ).toEqual(['c2', 'b1', 'a1']);
  });

  it('are described only where they are kept', () => {
    const largest = new Largest<string>(1);
    largest.offer('a', 2, () => 'kept');
    largest.offer('b', 1, () => expect.unreachable());

    expect(largest.items).toEqual(['kept']);
  });
});
