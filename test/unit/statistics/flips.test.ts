import { expect, it } from 'vitest';
import { countFlips, FlipTally } from '../../../lib/statistics/flips.ts';

it('flips are counted by name and stored as a matrix', () => {
  const tally = new FlipTally();
  for (const [was, is, times] of [
    [false, false, 1],
    [false, true, 2],
    [true, false, 3],
    [true, true, 4],
  ] as const) {
    for (let n = 0; n < times; n++) tally.add(was, is);
  }

  expect(tally.matrix).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(countFlips(tally.matrix)).toEqual({ neither: 1, newlyMalicious: 2, noLongerMalicious: 3, both: 4 });
  expect(countFlips([])).toEqual({ neither: 0, newlyMalicious: 0, noLongerMalicious: 0, both: 0 });
});
