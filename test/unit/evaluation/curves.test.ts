import { expect, it } from 'vitest';
import { traceCurves } from '../../../lib/evaluation/curves.ts';
import { rankOutcomes } from '../../../lib/evaluation/metrics.ts';

const ROWS = [
  [0.95, 1],
  [0.8, 0],
  [0.8, 1],
  [0.15, 0],
] as const;
const CURVES = traceCurves(rankOutcomes(ROWS.map(([score, label]) => ({ score, isMalicious: label === 1 }))));

it('ROC takes ties together', () => {
  expect(CURVES.roc).toEqual([
    [0, 0],
    [0, 0.5],
    [0.5, 1],
    [1, 1],
  ]);
});

it('precision is given for every recall reached', () => {
  expect(CURVES.precisionRecall).toEqual([
    [0.5, 1],
    [1, 2 / 3],
    [1, 0.5],
  ]);
});

it('reliability compares mean score and share of malicious rows, bin by bin', () => {
  expect(CURVES.reliability).toEqual([
    [0.15, 0, 1],
    [0.8, 0.5, 2],
    [0.95, 1, 1],
  ]);
});

it('a long curve is thinned and keeps its ends', () => {
  const outcomes = Array.from({ length: 20_000 }, (_, i) => ({
    score: i / 20_000,
    isMalicious: i % 3 === 0,
  }));

  const { roc } = traceCurves(rankOutcomes(outcomes));

  expect(roc.length).toBeLessThan(400);
  expect([roc[0], roc.at(-1)]).toEqual([
    [0, 0],
    [1, 1],
  ]);
});
