import { expect, it } from 'vitest';
import { correlateErrors } from '../../../lib/evaluation/error-correlation.ts';

const LABELS = [true, true, false, false];

it('scorers that err alike correlate', () => {
  const scores = [0.9, 0.2, 0.1, 0.6];

  expect(correlateErrors(scores, scores, LABELS)).toEqual({
    all: expect.closeTo(1, 12),
    malicious: expect.closeTo(1, 12),
    benign: expect.closeTo(1, 12),
  });
});

it('scorers that misjudge different rows show it within the classes', () => {
  const { malicious, benign } = correlateErrors([0.9, 0.2, 0.1, 0.6], [0.2, 0.9, 0.6, 0.1], LABELS);

  expect(malicious).toBeCloseTo(-1, 12);
  expect(benign).toBeCloseTo(-1, 12);
});
