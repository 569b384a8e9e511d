import { describe, expect, it } from 'vitest';
import { CliError } from '../../../../../lib/cli/cli-error.ts';
import { chosenSettings } from '../../../../../lib/cli/use/local/chosen-settings.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../../../../lib/cutover/settings.ts';

describe('the settings of an embedded stack', () => {
  it('are by default the consensus, which it is there to show', () => {
    expect(parseSettings(chosenSettings({})(undefined, true) ?? '')).toEqual({
      ...DEFAULT_SETTINGS,
      mode: 'consensus',
      consensusPercent: 100,
    });
  });

  it.each(['{"mode":"legacy"}', '{"mode":"parallel","consensusPercent":10}', 'even if they are invalid'])(
    'stay as they are from an earlier run: %s',
    (current) => {
      expect(chosenSettings({})(current, false)).toBe(current);
      expect(chosenSettings({})(current, true)).toBe(current);
    },
  );

  it('are changed in their mode alone where it is asked for', () => {
    const current = '{"mode":"legacy","maliciousThreshold":0.9}';

    expect(parseSettings(chosenSettings({ mode: 'parallel', percent: 10 })(current, false) ?? '')).toEqual({
      ...DEFAULT_SETTINGS,
      mode: 'parallel',
      consensusPercent: 10,
      maliciousThreshold: 0.9,
    });
  });

  it('stay reset from an earlier run, unless a mode is asked for', () => {
    expect(chosenSettings({})(undefined, false)).toBeUndefined();
    expect(chosenSettings({ mode: 'consensus' })(undefined, false)).toContain('"mode":"consensus"');
  });

  it('start from the defaults if they were invalid and a mode is given', () => {
    expect(parseSettings(chosenSettings({ mode: 'legacy' })('nonsense', false) ?? '')).toEqual(
      DEFAULT_SETTINGS,
    );
  });

  it('in mode parallel begin as a shadow', () => {
    expect(parseSettings(chosenSettings({ mode: 'parallel' })(undefined, true) ?? '')).toMatchObject({
      consensusPercent: 0,
    });
  });

  it.each([{ percent: 10 }, { percent: 10, mode: 'consensus' as const }])(
    'have no percentage but in mode parallel: %j',
    (options) => {
      expect(() => chosenSettings(options)).toThrow(
        new CliError('--percent needs --mode parallel: the other modes use one score for all', 2),
      );
    },
  );
});
