import { expect, it } from 'vitest';
import { settledOptions } from '../../../lib/assessment/settled-options.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../lib/cutover/settings.ts';

const ORIGIN = { source: 'operator', version: 7, changedAtMs: 1_000 } as const;

const inForce = (changes: Partial<Settings>) => ({
  settings: { ...DEFAULT_SETTINGS, ...changes },
  origin: ORIGIN,
  unknownKeys: [],
});

it('gives what the settings mean for scoring, and the stamp that is stored with it', () => {
  const settled = settledOptions(
    inForce({ mode: 'parallel', consensusPercent: 25, maliciousThreshold: 0.8, divergenceThreshold: 0.3 }),
  );

  expect(settled).toMatchObject({
    maliciousThreshold: 0.8,
    divergenceThreshold: 0.3,
    settings: { mode: 'parallel', consensusPercent: 25, origin: ORIGIN, maliciousThreshold: 0.8 },
  });
});

it.each([
  ['legacy', 'legacy', 'none', true],
  ['parallel', 'legacy', 'median', true],
  ['consensus', 'consensus', 'median', false],
] as const)('has the mode %s ask its scorers', (mode, scored_by, method, hasLegacyScore) => {
  const said = settledOptions(inForce({ mode })).assess({ address: '8.8.8.8' });

  expect(said).toMatchObject({ scored_by, method });
  expect('legacy_score' in said).toBe(hasLegacyScore);
});

it('is worked out once for the settings that are in force', () => {
  const [one, other] = [inForce({}), inForce({})];

  expect(settledOptions(one)).toBe(settledOptions(one));
  expect(settledOptions(other)).not.toBe(settledOptions(one));
});
