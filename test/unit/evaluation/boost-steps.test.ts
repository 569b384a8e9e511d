import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boostSteps, type SteppedPoint } from '../../../lib/evaluation/boost-steps.ts';

const OPTIONS = {
  intercept: 0,
  lengths: [2, 2],
  pairs: [[0, 1]] as const,
  rounds: 2_000,
  learningRate: 0.3,
  ridge: 1e-9,
};

function point(steps: readonly number[], probability: number): SteppedPoint {
  return { steps, maliciousWeight: probability, benignWeight: 1 - probability };
}

/** Every point on two axes of two steps each. */
const PLACES = [0, 1, 2].flatMap((first) => [0, 1, 2].map((second) => [first, second] as const));

describe('boostSteps', () => {
  it('finds probabilities that need both axes at once', () => {
    const truth = (first: number, second: number) => (first >= 1 && second >= 1 ? 0.8 : 0.1);
    const points = PLACES.map(([first, second]) => point([first, second], truth(first, second)));

    const { constant, tables } = boostSteps(points, OPTIONS);

    for (const [first, second] of PLACES) {
      const logOdds = constant + (tables[0]?.[first]?.[second] ?? Number.NaN);
      expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(truth(first, second), 2);
    }
  });

  it('rises on both axes, whatever the points say', () => {
    const anyPoints = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), {
      minLength: PLACES.length,
      maxLength: PLACES.length,
    });
    fc.assert(
      fc.property(anyPoints, (probabilities) => {
        const points = PLACES.map((steps, i) => point(steps, probabilities[i] ?? 0.5));
        const table = boostSteps(points, { ...OPTIONS, rounds: 60 }).tables[0] ?? [];
        for (const [first, second] of PLACES) {
          const here = table[first]?.[second] ?? Number.NaN;
          expect(table[first + 1]?.[second] ?? here).toBeGreaterThanOrEqual(here - 1e-12);
          expect(table[first]?.[second + 1] ?? here).toBeGreaterThanOrEqual(here - 1e-12);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('levels out what falls instead of following it', () => {
    const points = PLACES.map(([first, second]) => point([first, second], first === 0 ? 0.6 : 0.2));

    const { tables } = boostSteps(points, OPTIONS);

    expect(tables[0]?.flat().every((value) => value === 0)).toBe(true);
  });
});
