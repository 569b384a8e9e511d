import { expect, it } from 'vitest';
import type { Exchange } from '../../../lib/activity/exchange.ts';
import { countGuesses } from '../../../lib/activity/guesses.ts';
import { series } from '../../factories/exchanges.ts';

const TRY: Partial<Exchange> = { port: 22, outcome: 'answered', duration: 2.5, sent: 2_000, received: 1_500 };

it.each<[string, Partial<Exchange>, number, number]>([
  ['tries at ssh', TRY, 3, 12],
  ['tries of which the sensor knows no more than that', { port: 3389, outcome: 'answered' }, 3, 12],
  ['checks of a monitor', TRY, 300, 0],
  ['checks that keep time', TRY, 30, 0],
  ['sessions that last', { ...TRY, duration: 600 }, 3, 0],
  ['sessions that move data', { ...TRY, sent: 60_000 }, 3, 0],
  ['knocks', { ...TRY, outcome: 'unanswered' }, 3, 0],
  ['pages', { ...TRY, port: 443 }, 3, 0],
])('counts of twelve %s', (_, each, seconds, expected) => {
  expect(countGuesses(series(12, seconds, () => each))).toBe(expected);
});

it('counts tries at an uneven pace, however slow, and those that come so fast that nobody checks so', () => {
  const uneven = series(12, 30, (n) => ({ ...TRY, at: n * 30 + ((n * n) % 7) }));

  expect(countGuesses(uneven)).toBe(12);
  expect(countGuesses(series(12, 14, () => TRY))).toBe(12);
});

it('counts no single try, and nothing of nothing', () => {
  expect(countGuesses(series(1, 1, () => TRY))).toBe(0);
  expect(countGuesses([])).toBe(0);
});
