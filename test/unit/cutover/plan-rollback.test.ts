import { describe, expect, it } from 'vitest';
import { planRollback, rolledBack } from '../../../lib/cutover/plan-rollback.ts';
import { DEFAULT_SETTINGS } from '../../../lib/cutover/settings.ts';

const CHANGED_AT_MS = 1_790_000_000_000;
const DEFAULTS = JSON.stringify(DEFAULT_SETTINGS);

const back = (value: string) => ({ action: 'roll_back', value });
/** The order of a value's keys is nobody's business. */
const inWords = (plan: object) =>
  'value' in plan ? { ...plan, value: JSON.parse(String(plan.value)) as unknown } : plan;
const STAY = { action: 'stay' };
const IGNORE = { action: 'ignore' };

describe('planRollback', () => {
  it.each<[string, object]>([
    ['{"mode":"consensus","consensusPercent":100}', back('{"mode":"legacy","consensusPercent":0}')],
    ['{"mode":"parallel","consensusPercent":100}', back('{"mode":"legacy","consensusPercent":0}')],
    ['{"mode":"parallel","consensusPercent":1}', back('{"mode":"legacy","consensusPercent":0}')],
    // Defaults stay unsaid.
    ['{"mode":"consensus"}', back('{"mode":"legacy","consensusPercent":0}')],
    // Other settings, and keys of another version, are no business of a rollback.
    [
      '{"minScorers":3,"mode":"consensus","brake":{"on":true}}',
      back('{"minScorers":3,"mode":"legacy","brake":{"on":true},"consensusPercent":0}'),
    ],
    // A shadow decides nothing, and its evidence is wanted.
    ['{"mode":"parallel","consensusPercent":0}', STAY],
    ['{"mode":"parallel"}', STAY],
    ['{"mode":"legacy","consensusPercent":0}', STAY],
    ['{"mode":"legacy","consensusPercent":70}', STAY],
    ['{}', STAY],
    // Nobody knows what functions go by then: what is wrong in mode and percentage goes, and so does all that is
    // wrong elsewhere.
    ['{"mode":"turbo","minScorers":3}', back('{"mode":"legacy","minScorers":3,"consensusPercent":0}')],
    ['{"mode":"parallel","consensusPercent":"all"}', back('{"mode":"legacy","consensusPercent":0}')],
    ['{"mode":"parallel","consensusPercent":0,"minScorers":9}', back(DEFAULTS)],
    ['not JSON', back('{"mode":"legacy","consensusPercent":0}')],
    ['["consensus"]', back('{"mode":"legacy","consensusPercent":0}')],
    ['', back('{"mode":"legacy","consensusPercent":0}')],
  ])('of %s', (value, expected) => {
    const plan = planRollback({ value, changedAtMs: CHANGED_AT_MS }, CHANGED_AT_MS + 1);

    expect(inWords(plan)).toEqual(inWords(expected));
  });

  it.each([
    [-60_000, IGNORE],
    [-1, IGNORE],
    [0, back('{"mode":"legacy","consensusPercent":0}')],
    [1, back('{"mode":"legacy","consensusPercent":0}')],
  ])('of an alarm %i ms after the last change', (afterMs, expected) => {
    const parameter = { value: '{"mode":"consensus"}', changedAtMs: CHANGED_AT_MS };

    expect(planRollback(parameter, CHANGED_AT_MS + afterMs)).toEqual(expected);
  });

  it('ignores an older alarm whatever the settings are', () => {
    for (const value of ['{"mode":"legacy"}', '{"mode":"parallel"}', 'not JSON']) {
      expect(planRollback({ value, changedAtMs: CHANGED_AT_MS }, CHANGED_AT_MS - 1)).toEqual(IGNORE);
    }
  });
});

describe('rolledBack', () => {
  it('is the same when it is done again', () => {
    for (const value of ['{"mode":"consensus","minScorers":1}', '{"a":1}', 'not JSON', '{"minScorers":9}']) {
      expect(rolledBack(rolledBack(value))).toBe(rolledBack(value));
    }
  });
});
