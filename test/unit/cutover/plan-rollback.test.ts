import { describe, expect, it } from 'vitest';
import { type KnownSettings, planRollback, rolledBack } from '../../../lib/cutover/plan-rollback.ts';
import { DEFAULT_SETTINGS } from '../../../lib/cutover/settings.ts';
import { historyOf, type Written } from '../../factories/parameter-history.ts';

const DEFAULTS = JSON.stringify(DEFAULT_SETTINGS);
const BACK = '{"mode":"legacy","consensusPercent":0}';

const INITIAL = { value: DEFAULTS, version: 1, changedAtMs: 500 };
const knownOf = (...values: readonly Written[]): KnownSettings => ({
  history: historyOf(...values),
  initial: INITIAL,
});
/** The settings that a plan rolls back. */
const fromOf = ({ history }: KnownSettings, n: number) => {
  const { changedBy: _, description: __, ...from } = history[n] as KnownSettings['history'][number];
  return { ...from, source: 'operator' };
};

const STAY = { action: 'stay', isForced: false };
const FORCED = { action: 'stay', isForced: true };
/** The order of a value's keys does not matter. */
const inWords = (value: string) => JSON.parse(value) as unknown;

describe('planRollback, while the alarm is on', () => {
  it.each<[string, string]>([
    ['{"mode":"consensus","consensusPercent":100}', BACK],
    ['{"mode":"parallel","consensusPercent":100}', BACK],
    ['{"mode":"parallel","consensusPercent":1}', BACK],
    // Defaults are not mentioned.
    ['{"mode":"consensus"}', BACK],
    // A rollback does not touch other settings, or keys of another version.
    [
      '{"minScorers":3,"mode":"consensus","brake":{"on":true}}',
      '{"minScorers":3,"mode":"legacy","brake":{"on":true},"consensusPercent":0}',
    ],
    // With an invalid value nobody knows what functions use: mode and percentage are replaced, and so is everything
    // else that is invalid.
    ['{"mode":"turbo","minScorers":3}', '{"mode":"legacy","minScorers":3,"consensusPercent":0}'],
    ['{"mode":"parallel","consensusPercent":"all"}', BACK],
    ['{"mode":"parallel","consensusPercent":0,"minScorers":9}', DEFAULTS],
    ['not JSON', BACK],
    ['["consensus"]', BACK],
    ['', BACK],
    // Settings forced before the alarm went off are no longer protected.
    ['{"mode":"consensus","forced":true}', BACK],
  ])('takes %s back', (value, expected) => {
    const known = knownOf(value);
    const plan = planRollback(known, 1_001);

    expect(plan).toEqual({ action: 'write', value: expect.any(String), from: fromOf(known, 0) });
    expect(inWords((plan as { value: string }).value)).toEqual(inWords(expected));
  });

  it('takes back what was written after it went off, too', () => {
    for (const alarmedAtMs of [0, 999, 1_000, 1_001]) {
      expect(planRollback(knownOf('{"mode":"consensus"}'), alarmedAtMs)).toMatchObject({ value: BACK });
    }
  });

  // A shadow decides nothing, and its evidence is wanted.
  it.each([
    '{"mode":"parallel","consensusPercent":0}',
    '{"mode":"parallel"}',
    '{"mode":"legacy","consensusPercent":0}',
    '{"mode":"legacy","consensusPercent":70}',
    '{}',
  ])('leaves %s', (value) => {
    expect(planRollback(knownOf(value), 1_001)).toEqual(STAY);
  });

  it.each([
    [999, FORCED],
    [1_000, FORCED],
    [1_001, { action: 'write' }],
  ])('that went off at %i, respects what was forced at 1000 only since then', (alarmedAtMs, expected) => {
    const forced = knownOf('{"mode":"consensus","forced":true}');

    expect(planRollback(forced, alarmedAtMs)).toMatchObject(expected);
  });

  it('respects no value that says false, and none that is invalid', () => {
    for (const value of ['{"mode":"consensus","forced":false}', '{"mode":"consensus","forced":"yes"}']) {
      expect(planRollback(knownOf(value), 0)).toMatchObject({ action: 'write' });
    }
  });
});

describe('planRollback, while the alarm is not on', () => {
  it.each(['{"mode":"consensus"}', 'not JSON', '{"mode":"legacy"}'])('leaves %s', (value) => {
    expect(planRollback(knownOf(value), undefined)).toEqual(STAY);
  });
});

describe.each([undefined, 1, 99_999])('planRollback after a rollback, alarm at %s', (alarmedAtMs) => {
  const CANARY = '{"mode":"parallel","consensusPercent":5}';
  const CHANGED = '{"mode":"parallel","consensusPercent":50,"minScorers":3}';
  const ROLLBACK = [BACK, 'rolled back from parallel 5 % (version 1): why'] as const;

  it('leaves it, and one that came twice', () => {
    expect(planRollback(knownOf(CANARY, ROLLBACK), alarmedAtMs)).toEqual(STAY);
    expect(planRollback(knownOf(CANARY, ROLLBACK, ROLLBACK), alarmedAtMs)).toEqual(STAY);
  });

  it.each([[[ROLLBACK]], [[ROLLBACK, ROLLBACK]]])(
    'keeps the other settings that %j wrote over',
    (rollbacks) => {
      const known = knownOf(CANARY, CHANGED, ...rollbacks);

      expect(planRollback(known, alarmedAtMs)).toEqual({
        action: 'write',
        value: '{"mode":"legacy","consensusPercent":0,"minScorers":3}',
        from: fromOf(known, 1),
      });
    },
  );

  it('leaves what somebody set to legacy, whatever was before', () => {
    const known = knownOf(CANARY, CHANGED, [BACK, 'set to legacy by command']);

    expect(planRollback(known, alarmedAtMs)).toEqual(STAY);
  });

  // SSM keeps the former description if a write has none.
  it('takes nobody else for a rollback because of its description', () => {
    const theirs = ['{"mode":"legacy","minScorers":1}', ROLLBACK[1]] as const;

    expect(planRollback(knownOf(CANARY, CHANGED, theirs), alarmedAtMs)).toEqual(STAY);
  });
});

describe('planRollback, where nobody has set anything,', () => {
  const initially = (value: string): KnownSettings => ({ history: [], initial: { ...INITIAL, value } });

  it.each([DEFAULTS, '{"mode":"parallel","consensusPercent":0}', '{}'])(
    'has nothing to do where the initial settings are %s',
    (value) => {
      for (const alarmedAtMs of [undefined, 0, 1_000]) {
        expect(planRollback(initially(value), alarmedAtMs)).toEqual(STAY);
      }
    },
  );

  it.each([
    ['{"mode":"consensus","minScorers":3}', '{"mode":"legacy","minScorers":3,"consensusPercent":0}'],
    ['{"mode":"parallel","consensusPercent":1}', BACK],
    ['not JSON', BACK],
  ])('sets others, while the alarm is on, where the initial settings are %s', (value, expected) => {
    const plan = planRollback(initially(value), 400);

    expect(plan).toEqual({
      action: 'write',
      value: expect.any(String),
      from: { ...INITIAL, value, source: 'initial' },
    });
    expect(inWords((plan as { value: string }).value)).toEqual(inWords(expected));
    expect(planRollback(initially(value), undefined)).toEqual(STAY);
  });

  it('has nothing to say where there are no initial settings either', () => {
    expect(planRollback({ history: [], initial: undefined }, 1_000)).toEqual(STAY);
  });
});

describe.each([undefined, 1, 99_999])(
  'planRollback after settings that a rollback created, alarm at %s',
  (at) => {
    const initial = { ...INITIAL, value: '{"mode":"consensus","minScorers":3}' };
    const OURS = '{"mode":"legacy","minScorers":3,"consensusPercent":0}';
    const knownAfter = (...values: readonly Written[]) => ({ history: historyOf(...values), initial });

    it('leaves them, and one that came twice', () => {
      const created = [OURS, 'rolled back from consensus (initial settings): why'] as const;

      expect(planRollback(knownAfter(created), at)).toEqual(STAY);
      expect(planRollback(knownAfter(created, created), at)).toEqual(STAY);
    });

    it('puts the other settings of the initial ones in force where it wrote over a reset, once', () => {
      const over = [
        '{"mode":"legacy","consensusPercent":0,"minScorers":1}',
        'rolled back from consensus (version 3): why',
      ] as const;
      const plan = planRollback(knownAfter(over), at);

      expect(plan).toEqual({ action: 'write', value: OURS, from: { ...initial, source: 'initial' } });
      const repaired = [OURS, 'rolled back from consensus (initial settings): a reset'] as const;
      expect(planRollback(knownAfter(over, repaired), at)).toEqual(STAY);
    });

    it('goes by what was chosen since', () => {
      const created = [OURS, 'rolled back from consensus (initial settings): why'] as const;
      const chosen = ['{"mode":"legacy","minScorers":2}', 'set to legacy by command'] as const;

      expect(planRollback(knownAfter(created, chosen), at)).toEqual(STAY);
      // SSM keeps the former description if a write has none.
      expect(planRollback(knownAfter(created, chosen, [DEFAULTS, created[1]]), at)).toEqual(STAY);
    });

    it('leaves what it cannot compare with initial settings', () => {
      const history = historyOf([OURS, 'rolled back from consensus (initial settings): why']);

      expect(planRollback({ history, initial: undefined }, at)).toEqual(STAY);
    });
  },
);

describe('rolledBack', () => {
  it('is the same when it is done again', () => {
    for (const value of ['{"mode":"consensus","minScorers":1}', '{"a":1}', 'not JSON', '{"minScorers":9}']) {
      expect(rolledBack(rolledBack(value))).toBe(rolledBack(value));
    }
  });

  it('is not forced', () => {
    expect(inWords(rolledBack('{"mode":"consensus","forced":true}'))).toEqual(inWords(BACK));
    // Invalid parts are removed too.
    expect(inWords(rolledBack('{"mode":"consensus","forced":1}'))).toEqual(inWords(BACK));
  });
});
