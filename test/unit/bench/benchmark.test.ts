import { describe, expect, it } from 'vitest';
import { calibrated, isMet } from '../../bench/benchmark.ts';

describe('calibrated', () => {
  it.each(['assessments/s', 'records/s', 's', 'ms', 'µs'])(
    'puts the calibration beside a figure in %s',
    (unit) => {
      expect(calibrated({ name: 'a', value: 1, unit }, 1_000)).toEqual({
        name: 'a',
        value: 1,
        unit,
        calibration: 1_000,
      });
    },
  );

  it.each(['kB', 'MB', '%', 'USD per million', 'write units per 1,000', 'times jq'])(
    'leaves a figure in %s alone, which no faster machine changes',
    (unit) => {
      expect(calibrated({ name: 'a', value: 1, unit }, 1_000)).toEqual({ name: 'a', value: 1, unit });
    },
  );

  it('scales a budget that is quoted against the loop', () => {
    const figure = { name: 'a', value: 299, unit: 'records/s', budget: { atLeastPerLoop: 0.3 } };

    expect(calibrated(figure, 1_000)).toMatchObject({ budget: { atLeast: 300 } });
    expect(isMet(calibrated(figure, 1_000))).toBe(false);
    expect(isMet(calibrated(figure, 990))).toBe(true);
  });

  it('keeps other budgets', () => {
    const figure = { name: 'a', value: 100, unit: 'ms', budget: { atMost: 100 } };

    expect(isMet(calibrated(figure, 1_000))).toBe(true);
    expect(isMet(calibrated({ ...figure, value: 101 }, 1_000))).toBe(false);
  });
});
