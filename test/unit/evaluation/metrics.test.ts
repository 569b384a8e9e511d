import { describe, expect, it } from 'vitest';
import { measure, type Outcome } from '../../../lib/evaluation/metrics.ts';

function outcomes(...pairs: ReadonlyArray<readonly [score: number, label: number]>): Outcome[] {
  return pairs.map(([score, label]) => ({ score, isMalicious: label === 1 }));
}

describe('measure', () => {
  it.each([
    { name: 'perfect ranking', rows: outcomes([0.9, 1], [0.8, 1], [0.2, 0]), auc: 1, averagePrecision: 1 },
    { name: 'reversed ranking', rows: outcomes([0.1, 1], [0.8, 0]), auc: 0, averagePrecision: 0.5 },
    {
      name: 'all tied',
      rows: outcomes([0.5, 1], [0.5, 0], [0.5, 0], [0.5, 0]),
      auc: 0.5,
      averagePrecision: 0.25,
    },
    {
      name: 'mixed',
      rows: outcomes([0.9, 1], [0.8, 0], [0.7, 1], [0.6, 0]),
      auc: 0.75,
      averagePrecision: 5 / 6,
    },
  ])('ranks: $name', ({ rows, auc, averagePrecision }) => {
    const metrics = measure(rows, 0.7);

    expect(metrics.auc).toBeCloseTo(auc, 12);
    expect(metrics.averagePrecision).toBeCloseTo(averagePrecision, 12);
  });

  it('measures calibration', () => {
    const { brier, calibrationError } = measure(outcomes([1, 1], [0.3, 0], [0.3, 1], [0, 0]), 0.7);

    expect(brier).toBeCloseTo((0.09 + 0.49) / 4, 12);
    expect(calibrationError).toBeCloseTo(0.4 / 4, 12);
  });

  it('counts what reaches the malicious threshold', () => {
    const { recall, falsePositiveRate } = measure(outcomes([0.7, 1], [0.69, 1], [0.9, 0], [0, 0]), 0.7);

    expect(recall).toBe(0.5);
    expect(falsePositiveRate).toBe(0.5);
  });
});
