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
    const { unitOf, weights } = drawResamples(GROUPS, 2);

    expect(weights[0]).not.toEqual(weights[1]);
    expect(drawResamples(GROUPS, 2).weights).toEqual(weights);
    expect(weights[0]?.reduce((sum, weight) => sum + weight)).toBe(60);
    expect([...unitOf.slice(60, 120)]).toEqual([...unitOf.slice(0, 60)]);
    expect(new Set(unitOf).size).toBe(60);
  });
});

describe('estimateIntervals', () => {
  it('surrounds the figures of the whole set', () => {
    const resamples = drawResamples(GROUPS, 200);
    const ranking = rankOutcomes(OUTCOMES, resamples.unitOf);
    const metrics = measureRanking(ranking, 0.7);

    const intervals = estimateIntervals(ranking, 0.7, resamples);

    for (const metric of ['auc', 'averagePrecision', 'brier', 'recall'] as const) {
      expect(intervals[metric][0]).toBeLessThan(metrics[metric]);
      expect(intervals[metric][1]).toBeGreaterThan(metrics[metric]);
    }
  });
});

it('a 95 % interval leaves a fortieth out on either side', () => {
  expect(intervalOf(Array.from({ length: 201 }, (_, i) => i))).toEqual([5, 195]);
});
