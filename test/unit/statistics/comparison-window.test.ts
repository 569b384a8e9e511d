import { describe, expect, it } from 'vitest';
import { ComparisonWindow } from '../../../lib/statistics/comparison-window.ts';
import { timeSteps } from '../../../lib/statistics/time-steps.ts';
import { parallelEntry, type ScorePair, singleEntry } from '../../factories/summaries.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY = { fromMs: NOON - 24 * HOUR_MS, toMs: NOON, nowMs: NOON };

const SAME: ScorePair = [0.2, 0.2];
const APART: ScorePair = [0.2, 0.95];

function windowOf(...entries: readonly ReturnType<typeof parallelEntry>[]): ComparisonWindow {
  const window = new ComparisonWindow(DAY);
  for (const entry of entries) window.add(entry);
  return window;
}

describe('a window', () => {
  it('counts what was scored by both scores, and says what was not', () => {
    const { units, totals, hours } = windowOf(
      parallelEntry('b', NOON - HOUR_MS, [SAME, APART]),
      singleEntry('legacy', NOON - 2 * HOUR_MS),
      singleEntry('consensus', NOON - 3 * HOUR_MS),
      parallelEntry('a', NOON - 6 * HOUR_MS, [SAME]),
    );

    expect(units).toEqual({ compared: 2, legacy_only: 1, consensus_only: 1 });
    expect(totals).toMatchObject({ assessments: 3, comparison: { compared: 3, agreements: 2 } });
    expect(hours).toBe(5);
  });

  it('counts a message without any consensus: it is what the failure rate is about', () => {
    const { comparison: _, ...statistics } = parallelEntry('a', NOON, []).statistics;
    const failed = { ...statistics, assessments: 4, consensus_assessments: 4, consensus_failures: 4 };
    const { units, totals } = windowOf({ ...parallelEntry('a', NOON, []), statistics: failed });

    expect(units.compared).toBe(1);
    expect(totals).toMatchObject({ consensus_assessments: 4, consensus_failures: 4 });
  });

  it('tells what each step of time came to', () => {
    const { perStep, unitPerStep } = windowOf(
      parallelEntry('c', NOON - 1, [APART]),
      parallelEntry('b', NOON - 2, [SAME, [0.9, 0.1]]),
      parallelEntry('a', NOON - 10 * HOUR_MS, [SAME]),
    );

    expect(perStep).toHaveLength(25);
    expect(perStep.at(-2)).toMatchObject({
      compared: 3,
      agreements: 1,
      newly_malicious: 1,
      no_longer_malicious: 1,
    });
    expect(unitPerStep).toEqual(['a', 'c']);
  });

  it('picks the messages with the largest divergences, few of however many', () => {
    const many = Array.from({ length: 300 }, (_, n) => parallelEntry(`m${n}`, NOON - n, [[0.2, 0.5]]));
    const window = windowOf(...many, parallelEntry('last', NOON - 1_000, [[0.1, 0.95]]));

    expect(window.divergentUnits).toHaveLength(100);
    expect(window.divergentUnits[0]).toBe('last');
  });

  it('picks the newest messages with flips without an explanation', () => {
    const explained: ScorePair = [0.2, 0.95, { blocklist: { lists: 3, total_lists: 25 } }];
    const window = windowOf(
      ...Array.from({ length: 30 }, (_, n) =>
        parallelEntry(`m${n}`, NOON - n, [n % 2 === 0 ? APART : explained]),
      ),
    );

    expect(window.unexplainedUnits).toEqual(Array.from({ length: 15 }, (_, n) => `m${2 * n}`));
  });

  it('knows the latency that 99 of 100 assessments stay within', () => {
    const pairs = (count: number): ScorePair[] => Array.from({ length: count }, () => SAME);
    const { latency } = windowOf(
      parallelEntry('slow', NOON, pairs(1), {}, 250.2),
      parallelEntry('fast', NOON, pairs(99), {}, 12),
    );

    expect([0.5, 0.99, 1].map((share) => latency.quantile(share))).toEqual([12, 12, 251]);
    expect(windowOf().latency.quantile(0.99)).toBeNull();
  });
});

describe('steps of time', () => {
  it.each<[string, number, number, number]>([
    ['an hour', HOUR_MS, 5 * 60_000, 12],
    ['a day', 24 * HOUR_MS, HOUR_MS, 24],
    ['a week', 168 * HOUR_MS, 6 * HOUR_MS, 28],
    ['ten years', 3_650 * 24 * HOUR_MS, 90 * 24 * HOUR_MS, 40],
  ])('of %s can be taken in at a glance', (_, length, widthMs, least) => {
    const steps = timeSteps({ fromMs: NOON - length, toMs: NOON, nowMs: NOON });

    expect(steps.widthMs).toBe(widthMs);
    expect(steps.firstMs % widthMs).toBe(0);
    expect(steps.count).toBeGreaterThanOrEqual(least);
    expect(steps.count).toBeLessThanOrEqual(49);
  });
});
