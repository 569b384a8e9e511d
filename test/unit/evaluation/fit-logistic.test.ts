import { describe, expect, it } from 'vitest';
import { fitLogistic, type WeightedPoint } from '../../../lib/evaluation/fit-logistic.ts';

const ANY = { lowest: -Infinity, highest: Infinity };
const POSITIVE = { lowest: 0, highest: Infinity };

function point(values: number[], maliciousWeight: number, benignWeight: number): WeightedPoint {
  return { values, maliciousWeight, benignWeight };
}

describe('fitLogistic', () => {
  it('finds the log-odds of a single indicator', () => {
    const { weights } = fitLogistic([point([1], 3, 1)], { intercept: 0, ranges: [ANY], ridge: 0 });

    expect(weights[0]).toBeCloseTo(Math.log(3), 5);
  });

  it('finds the weights that made noiseless probabilities', () => {
    const truth = [1.5, -0.7];
    const points = [
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0.5],
    ].map(([a = 0, b = 0]) => {
      const probability = 1 / (1 + Math.exp(1 - (truth[0] ?? 0) * a - (truth[1] ?? 0) * b));
      return point([a, b], probability, 1 - probability);
    });

    const { weights } = fitLogistic(points, { intercept: -1, ranges: [ANY, ANY], ridge: 0 });

    expect(weights[0]).toBeCloseTo(1.5, 4);
    expect(weights[1]).toBeCloseTo(-0.7, 4);
  });

  it('keeps every weight in its range', () => {
    const points = [point([1, 0], 1, 9), point([0, 1], 9, 1)];
    const ranges = [POSITIVE, { lowest: 3, highest: 4 }];

    const { weights } = fitLogistic(points, { intercept: 0, ranges, ridge: 0 });

    expect(weights).toEqual([0, 3]);
  });

  it('stays finite where classes separate', () => {
    const { weights } = fitLogistic([point([1], 1, 0)], { intercept: 0, ranges: [POSITIVE], ridge: 0.01 });

    expect(weights[0]).toBeGreaterThan(1);
    expect(weights[0]).toBeLessThan(10);
  });
});
