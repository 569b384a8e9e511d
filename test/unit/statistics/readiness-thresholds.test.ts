import { expect, it } from 'vitest';
import {
  DEFAULT_READINESS,
  readSharedThresholds,
  writeSharedThresholds,
} from '../../../lib/statistics/readiness-thresholds.ts';

it('thresholds that an environment states are read back', () => {
  const stated = { failureRate: 0.02, uncertaintyRate: 0.2, averageScore: { minimum: 0.1, maximum: 0.5 } };

  expect(readSharedThresholds(writeSharedThresholds({ ...DEFAULT_READINESS, ...stated }))).toEqual(stated);
});

it.each(['', 'none', '{}', '{"failureRate":"0.1"}', '{"failureRate":2,"uncertaintyRate":0.1}'])(
  'a text that states none is no failure: %j',
  (text) => {
    expect(readSharedThresholds(text)).toBeUndefined();
  },
);
