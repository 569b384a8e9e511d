import { describe, expect, it } from 'vitest';
import { type ReadinessFigures, readinessGates } from '../../../lib/statistics/readiness-gates.ts';
import { DEFAULT_READINESS } from '../../../lib/statistics/readiness-thresholds.ts';

const GOOD: ReadinessFigures = {
  hours: 24,
  assessments: 5_000,
  failureRate: 0.001,
  uncertaintyRate: 0.1,
  averageScore: 0.2,
  latencyMs: 60,
  unexplainedFlips: 0,
};

/** Names of the gates that did not pass. */
function shut(changes: Partial<ReadinessFigures>, thresholds = DEFAULT_READINESS): string[] {
  const gates = readinessGates({ ...GOOD, ...changes }, thresholds);
  return gates.filter(({ isPassed }) => !isPassed).map(({ name }) => name);
}

describe('the gates', () => {
  it('are all passed where all is well', () => {
    expect(shut({})).toEqual([]);
  });

  it.each<[keyof ReadinessFigures, number, number]>([
    ['hours', 20, 19.99],
    ['assessments', 1_000, 999],
    ['failureRate', 0.05, 0.0501],
    ['uncertaintyRate', 0.3, 0.301],
    ['averageScore', 0.01, 0.0099],
    ['averageScore', 0.8, 0.801],
    ['latencyMs', 99, 100],
    ['unexplainedFlips', 0.05, 0.051],
  ])('%s lets %d pass and stops %d, and nothing else', (name, last, first) => {
    expect(shut({ [name]: last })).toEqual([]);
    expect(shut({ [name]: first })).toEqual([name]);
  });

  it.each(['failureRate', 'uncertaintyRate', 'averageScore', 'latencyMs', 'unexplainedFlips'] as const)(
    '%s stays shut where nothing was seen',
    (name) => {
      expect(shut({ [name]: null })).toEqual([name]);
    },
  );

  it('go by the thresholds of the environment, and state them', () => {
    const thresholds = { ...DEFAULT_READINESS, averageScore: { minimum: 0.3, maximum: 0.4 } };

    expect(shut({}, thresholds)).toEqual(['averageScore']);
    expect(readinessGates(GOOD, thresholds)).toContainEqual({
      name: 'averageScore',
      unit: 'score',
      value: 0.2,
      minimum: 0.3,
      maximum: 0.4,
      isPassed: false,
    });
  });
});
