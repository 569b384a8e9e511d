import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { positiveCount, take } from '../../../../lib/cli/options/limit.ts';
import { collect, sequence } from '../../../factories/iterables.ts';

describe('a number of things to show', () => {
  it.each([
    ['1', 1],
    ['20', 20],
    ['0007', 7],
    ['1000000', 1_000_000],
  ])('%s', (text, expected) => {
    expect(positiveCount(text)).toBe(expected);
  });

  it.each([
    '',
    '0',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '1_000',
    '1,000',
    '0x10',
    ' 1',
    '1 ',
    'all',
    '1000001',
    '12345678',
  ])('is not %j', (text) => {
    expect(() => positiveCount(text)).toThrow(InvalidArgumentError);
  });
});

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
