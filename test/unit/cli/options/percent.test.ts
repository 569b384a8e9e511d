import { describe, expect, it } from 'vitest';
import { percent } from '../../../../lib/cli/options/percent.ts';

describe('a percentage', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['100', 100],
  ])('is read from "%s"', (text, expected) => {
    expect(percent(text)).toBe(expected);
  });

  it.each(['', '-1', '101', '1.5', '10%', ' 1', '1e1'])('is not read from "%s"', (text) => {
    expect(() => percent(text)).toThrow('expected a whole number from 0 to 100');
  });
});
