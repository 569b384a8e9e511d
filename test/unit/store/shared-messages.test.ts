import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumStatistics } from '../../../lib/statistics/unit-tally.ts';
import type { ReadSummary } from '../../../lib/store/read-summaries.ts';
import { distinctUnits, sharedSets } from '../../../lib/store/shared-messages.ts';
import { collect } from '../../factories/iterables.ts';

function summary(unit: string, messages: readonly string[], ingestedAtMs = 0): ReadSummary {
  const statistics = sumStatistics([]);
  return {
    unit,
    messages,
    ingestedAtMs,
    statistics,
    times: { latency_ms: 0, stored_ms: 0 },
    divergences: [],
    items: [],
  };
}

/** Names of units that have one set, a list for each set. */
function groups(summaries: readonly ReadSummary[]): string[][] {
  const sets = [...sharedSets(summaries)];
  const bySet = Map.groupBy(sets, ([, set]) => set);
  return [...bySet.values()].map((units) => units.map(([unit]) => unit).sort()).sort();
}

describe('sharedSets', () => {
  it.each<[string, readonly (readonly [string, readonly string[]])[], string[][]]>([
    ['nothing', [], []],
    [
      'units with messages of their own',
      [
        ['A', ['1', '2']],
        ['B', ['3']],
      ],
      [],
    ],
    ['a message twice in one unit', [['A', ['1', '1']]], []],
    [
      'a message in two units',
      [
        ['A', ['1']],
        ['B', ['2', '1']],
        ['C', ['3']],
      ],
      [['A', 'B']],
    ],
    [
      'a message in three units',
      [
        ['A', ['1']],
        ['B', ['1']],
        ['C', ['1']],
      ],
      [['A', 'B', 'C']],
    ],
    [
      'a chain',
      [
        ['A', ['1']],
        ['B', ['1', '2']],
        ['C', ['2']],
      ],
      [['A', 'B', 'C']],
    ],
    [
      'two pairs that a later unit puts together',
      [
        ['A', ['1']],
        ['B', ['1']],
        ['C', ['2']],
        ['D', ['2']],
        ['E', ['1', '2']],
      ],
      [['A', 'B', 'C', 'D', 'E']],
    ],
    [
      'two pairs',
      [
        ['A', ['1']],
        ['B', ['1']],
        ['C', ['2']],
        ['D', ['2']],
      ],
      [
        ['A', 'B'],
        ['C', 'D'],
      ],
    ],
  ])('puts together what shares messages: %s', (_, units, expected) => {
    expect(groups(units.map(([unit, messages]) => summary(unit, messages)))).toEqual(expected);
  });

  it('does so whatever the order', () => {
    const units = fc.uniqueArray(fc.array(fc.constantFrom(...'abcdefgh'), { maxLength: 3 }), {
      maxLength: 8,
      selector: String,
    });
    const cases = units.chain((messages) => {
      const summaries = messages.map((each, n) => summary(`unit-${n}`, each));
      return fc.tuple(
        fc.constant(summaries),
        fc.shuffledSubarray(summaries, { minLength: summaries.length, maxLength: summaries.length }),
      );
    });
    fc.assert(
      fc.property(cases, ([one, other]) => {
        expect(groups(other)).toEqual(groups(one));
      }),
    );
  });
});

describe('distinctUnits', () => {
  it('gives units in their order, with one set for those of a minute that share a message', async () => {
    const units = [
      summary('A', ['1'], 2),
      summary('B', ['1'], 2),
      summary('C', ['2'], 2),
      summary('D', ['1'], 1),
    ];

    const found = await collect(distinctUnits(ReadableStream.from(units)));

    expect(found.map(({ summary: { unit } }) => unit)).toEqual(['A', 'B', 'C', 'D']);
    const [a, b, c, d] = found.map(({ shown }) => shown);
    expect(a).toBeInstanceOf(Set);
    expect(b).toBe(a);
    expect([c, d]).toEqual([undefined, undefined]);
  });

  it('holds the units of one time of arrival, no others', async () => {
    let taken = 0;
    async function* arriving() {
      for (let n = 0; n < 100; n++) {
        taken++;
        yield summary(`unit-${n}`, [], 100 - Math.floor(n / 10));
      }
    }

    for await (const { summary: read } of distinctUnits(arriving())) {
      expect(taken - Number(read.unit.slice('unit-'.length))).toBeLessThanOrEqual(11);
    }
    expect(taken).toBe(100);
  });
});
