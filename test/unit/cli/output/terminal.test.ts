import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, printable } from '../../../../lib/cli/output/terminal.ts';
import { grouped } from '../../../../lib/statistics/count-text.ts';

describe('a bar', () => {
  it.each([
    [0, ''],
    [0.0001, '▏'],
    [1 / 32, '▏'],
    [1 / 16, '▎'],
    [1 / 8, '▌'],
    [1 / 4, '█'],
    [3 / 8, '█▌'],
    [31 / 32, '███▉'],
    [0.999, '████'],
    [1, '████'],
  ])('for a share of %d', (share, expected) => {
    expect(bar(share, 4)).toBe(expected);
  });

  it('is never wider than asked, empty for nothing only, and grows with the share', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(shares, shares, fc.integer({ min: 1, max: 100 }), (one, other, width) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];

        expect(bar(more, width).length).toBeLessThanOrEqual(width);
        expect(bar(more, width) === '').toBe(more === 0);
        expect(bar(less, width).length).toBeLessThanOrEqual(bar(more, width).length);
      }),
    );
  });
});

it.each([
  [0, '0'],
  [999, '999'],
  [1_220, '1,220'],
  [1_234_567, '1,234,567'],
])('%d with separators', (value, expected) => {
  expect(grouped(value)).toBe(expected);
});

describe('text from outside', () => {
  it.each([
    ['plain text, ünïcödé, 中文', 'plain text, ünïcödé, 中文'],
    ['two\r\nlines\tand more', 'two  lines and more'],
    ['\u001b[31mred\u001b[0m', ' [31mred [0m'],
    ['\u001b]0;title\u0007', ' ]0;title '],
    ['\u009b31m\u0000\u007f', ' 31m  '],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('keeps its length and has no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printable(text);

        expect(shown).toHaveLength(text.length);
        expect(shown).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
