import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { positiveCount } from '../../../../lib/cli/options/limit.ts';

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
