import { describe, expect, it } from 'vitest';
import { MetricMathError, parseMetricMath } from '../../../../lib/local/alarms/metric-math.ts';

const VALUES: Readonly<Record<string, number>> = { a: 2, b: 6, zero: 0 };

function evaluate(text: string): number | undefined {
  return parseMetricMath(text)((id) => VALUES[id]);
}

describe('parseMetricMath', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 - 2 - 1', 5],
    ['8 / 2 / 2', 2],
    ['-a + 3', 1],
    ['2.5e1', 25],
    ['a / b', 1 / 3],
    ['b > a', 1],
    ['b < a', 0],
    ['a >= 2', 1],
    ['a <= 1', 0],
    ['a == 2', 1],
    ['a != 2', 0],
    ['1 + 1 > a', 0],
    ['a > 1 AND b > 7', 0],
    ['a > 1 OR b > 7', 1],
    ['a > 1 && b > 1 || zero', 1],
    ['IF(a, 10, 20)', 10],
    ['IF(zero, 10, 20)', 20],
    ['IF(a > 3, 10, b)', 6],
    ['FILL(a, 9)', 2],
    ['FILL(none,9)', 9],
    ['MAX([a, b, zero])', 6],
    ['MIN([a, b])', 2],
    ['SUM([a, b])', 8],
    ['AVG([a, b])', 4],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  it.each([
    'none + a',
    'none > a',
    'IF(none, 1, 2)',
    'IF(a, none, 2)',
    'MAX([none, none])',
    'a / zero',
    'FILL(none, none)',
  ])('%s is missing', (text) => {
    expect(evaluate(text)).toBeUndefined();
  });

  it.each([
    ['IF(zero > 1, none, 4)', 4],
    ['IF(zero >= 20, a / zero, 0)', 0],
    ['MAX([none, a])', 2],
    ['SUM([none, a])', 2],
  ])('%s does without what is missing', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  it.each([
    ['', 'unexpected end'],
    ['a +', 'unexpected end'],
    ['a b', 'unexpected b'],
    ['a ? b', 'unexpected ? b'],
    ['IF(a, 1)', 'expected 3 arguments, got 2'],
    ['MAX(a)', 'expected [, got a'],
    ['MAX([a)', 'expected ], got )'],
    ['RATE(a)', 'the function RATE is not known here'],
    ['FILL', 'unexpected FILL'],
  ])('refuses "%s"', (text, problem) => {
    expect(() => parseMetricMath(text)).toThrow(new MetricMathError(`metric math "${text}": ${problem}`));
  });
});
