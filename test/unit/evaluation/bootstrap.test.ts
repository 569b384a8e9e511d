import { describe, expect, it } from 'vitest';
import { drawResamples, estimateIntervals, intervalOf } from '../../../lib/evaluation/bootstrap.ts';
import { measureRanking, rankOutcomes } from '../../../lib/evaluation/metrics.ts';

const GROUPS = Array.from({ length: 300 }, (_, i) => `group ${i % 60}`);
const OUTCOMES = GROUPS.map((_, i) => ({
  score: ((i * 37) % 100) / 100,
  isMalicious: (i * 37) % 100 > 40 + (i % 50),
}));

describe('drawResamples', () => {
  it('draws whole networks, as many as there are, the same ones every time', () => {
    const [first, second] = drawResamples(GROUPS, 2);

    expect(first).not.toEqual(second);
    expect(drawResamples(GROUPS, 2)[0]).toEqual(first);
    expect(first?.reduce((sum, weight) => sum + weight)).toBe(GROUPS.length);
    for (let i = 60; i < GROUPS.length; i++) expect(first?.[i]).toBe(first?.[i - 60]);
  });
});

describe('estimateIntervals', () => {
  it('surrounds the figures of the whole set', () => {
    const ranking = rankOutcomes(OUTCOMES);
    const metrics = measureRanking(ranking, 0.7);

    const intervals = estimateIntervals(ranking, 0.7, drawResamples(GROUPS, 200));

    for (const metric of ['auc', 'averagePrecision', 'brier', 'recall'] as const) {
      expect(intervals[metric][0]).toBeLessThan(metrics[metric]);
      expect(intervals[metric][1]).toBeGreaterThan(metrics[metric]);
    }
  });
});

it('a 95 % interval leaves a fortieth out on either side', () => {
  expect(intervalOf(Array.from({ length: 201 }, (_, i) => i))).toEqual([5, 195]);
});
