import { expect, it } from 'vitest';
import { searchMinimum } from '../../../lib/evaluation/pattern-search.ts';

it('finds the bottom of a curved valley', () => {
  const valley = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 10 * (y - x * x) ** 2;

  const [x, y] = searchMinimum(valley, { start: [-1, 1], firstStep: 0.5, lastStep: 1e-4 });

  expect(x).toBeCloseTo(1, 1);
  expect(y).toBeCloseTo(1, 1);
});
