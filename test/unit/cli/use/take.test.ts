import { describe, expect, it } from 'vitest';
import { take } from '../../../../lib/cli/use/take.ts';
import { collect, sequence } from '../../../factories/iterables.ts';

describe('the first elements of a sequence', () => {
  it.each([
    [0, []],
    [2, ['a', 'b']],
    [3, ['a', 'b', 'c']],
    [9, ['a', 'b', 'c']],
  ])('%d', async (count, expected) => {
    expect(await collect(take(sequence('a', 'b', 'c'), count))).toEqual(expected);
  });

  it.each([0, 1, 2])('are all that is asked for, and the sequence is closed: %d', async (count) => {
    const asked: number[] = [];
    let isClosed = false;
    const numbers = async function* () {
      try {
        for (let number = 1; ; number++) {
          asked.push(number);
          yield number;
        }
      } finally {
        isClosed = true;
      }
    };

    await collect(take(numbers(), count));

    expect(asked).toHaveLength(count);
    expect(isClosed).toBe(count > 0);
  });
});
