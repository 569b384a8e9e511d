import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONSENSUS_SETTINGS } from '../../../lib/consensus/settings.ts';
import {
  DEFAULT_SETTINGS,
  INITIAL_SETTINGS_VALUE,
  MODES,
  parseSettings,
  readSettings,
  type Settings,
  SettingsError,
  settingsNames,
} from '../../../lib/cutover/settings.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const settings: fc.Arbitrary<Settings> = fc.record({
  mode: fc.constantFrom(...MODES),
  consensusPercent: fc.integer({ min: 0, max: 100 }),
  minScorers: fc.integer({ min: 1, max: 3 }),
  outlierThreshold: share,
  uncertaintyThreshold: share,
  maliciousThreshold: share,
  divergenceThreshold: share,
});

describe('settings', () => {
  it('have the names that stand in the design', () => {
    expect(settingsNames('prod')).toEqual({
      settings: '/threat-consensus/prod/settings',
      initial: '/threat-consensus/prod/cutover/initial',
    });
  });

  it('are by default what the engine has by default', () => {
    expect(DEFAULT_SETTINGS).toMatchObject({ ...DEFAULT_CONSENSUS_SETTINGS, mode: 'legacy' });
  });

  it('begin in the mode legacy, with everything said', () => {
    expect(JSON.parse(INITIAL_SETTINGS_VALUE)).toMatchObject({ mode: 'legacy', consensusPercent: 0 });
    expect(parseSettings(INITIAL_SETTINGS_VALUE)).toEqual(DEFAULT_SETTINGS);
  });

  it('are what was written, both strictly and leniently', () => {
    fc.assert(
      fc.property(settings, (written) => {
        const value = JSON.stringify(written);

        expect(parseSettings(value)).toEqual(written);
        expect(readSettings(value)).toEqual({ ok: true, settings: written, unknownKeys: [] });
      }),
    );
  });

  it('are refused with an error that can be told by its code', () => {
    expect(new SettingsError('why')).toMatchObject({ name: 'SettingsError', code: 'settings_invalid' });
  });

  it('have defaults for what is missing', () => {
    expect(parseSettings('{"mode":"parallel","maliciousThreshold":0.8}')).toEqual({
      ...DEFAULT_SETTINGS,
      mode: 'parallel',
      maliciousThreshold: 0.8,
    });
  });

  it('say whether they were forced only where somebody did', () => {
    expect(parseSettings('{}')).not.toHaveProperty('forced');
    for (const forced of [true, false])
      expect(parseSettings(JSON.stringify({ forced }))).toMatchObject({ forced });
  });

  it('of a newer version are read without what is unknown, but never written', () => {
    const value = '{"mode":"parallel","consensusPercent":5,"consensusPercnt":50,"scorers":{}}';

    expect(readSettings(value)).toEqual({
      ok: true,
      settings: { ...DEFAULT_SETTINGS, mode: 'parallel', consensusPercent: 5 },
      unknownKeys: ['consensusPercnt', 'scorers'],
    });
    expect(() => parseSettings(value)).toThrow(
      new SettingsError(
        'settings: there is no key "consensusPercnt"; the keys are mode, consensusPercent, minScorers, ' +
          'outlierThreshold, uncertaintyThreshold, maliciousThreshold, divergenceThreshold, forced',
      ),
    );
  });

  it.each([
    ['', 'not JSON: ""'],
    ['{"mode":"legacy"', 'not JSON: "{\\"mode\\":\\"legacy\\""'],
    ['null', 'expected a JSON object, got null'],
    ['[]', 'expected a JSON object, got []'],
    ['"legacy"', 'expected a JSON object, got "legacy"'],
    ['{"mode":"Legacy"}', 'mode: expected legacy or parallel or consensus, got "Legacy"'],
    ['{"mode":null}', 'mode: expected legacy or parallel or consensus, got null'],
    ['{"consensusPercent":101}', 'consensusPercent: expected a whole number from 0 to 100, got 101'],
    ['{"consensusPercent":-1}', 'consensusPercent: expected a whole number from 0 to 100, got -1'],
    ['{"consensusPercent":0.5}', 'consensusPercent: expected a whole number from 0 to 100, got 0.5'],
    ['{"consensusPercent":"50"}', 'consensusPercent: expected a whole number from 0 to 100, got "50"'],
    ['{"minScorers":0}', 'minScorers: expected a whole number from 1 to 3, got 0'],
    ['{"minScorers":4}', 'minScorers: expected a whole number from 1 to 3, got 4'],
    ['{"maliciousThreshold":1.1}', 'maliciousThreshold: expected a number from 0 to 1, got 1.1'],
    ['{"forced":"yes"}', 'forced: expected true or false, got "yes"'],
    ['{"uncertaintyThreshold":"0.2"}', 'uncertaintyThreshold: expected a number from 0 to 1, got "0.2"'],
    ['5', 'expected a JSON object, got 5'],
    ['{"outlierThreshold":-0.1}', 'outlierThreshold: expected a number from 0 to 1, got -0.1'],
    [
      '{"mode":1,"divergenceThreshold":[]}',
      'mode: expected legacy or parallel or consensus, got 1; divergenceThreshold: expected a number from 0 to 1, got []',
    ],
    [
      `{"mode":"${'x'.repeat(500)}"}`,
      `mode: expected legacy or parallel or consensus, got "${'x'.repeat(39)}...`,
    ],
  ])('that are wrong (%s) are refused in one line', (value, reason) => {
    expect(readSettings(value)).toEqual({ ok: false, reason });
    expect(() => parseSettings(value)).toThrow(new SettingsError(`settings: ${reason}`));
  });

  it.each([
    [40, ''],
    [41, '...'],
  ])('are quoted up to 40 characters: %i', (length, dots) => {
    const text = JSON.stringify('x'.repeat(length - 2));

    expect(readSettings(text)).toEqual({
      ok: false,
      reason: `expected a JSON object, got ${text.slice(0, 40)}${dots}`,
    });
  });

  it.each<[string, keyof Settings, number, number]>([
    ['a percentage', 'consensusPercent', 0, 100],
    ['a number of scorers', 'minScorers', 1, 3],
    ['a share', 'outlierThreshold', 0, 1],
    ['a share', 'uncertaintyThreshold', 0, 1],
    ['a share', 'maliciousThreshold', 0, 1],
    ['a share', 'divergenceThreshold', 0, 1],
  ])('have the ends of the range of %s, %s, among what they may be', (_, key, least, most) => {
    for (const value of [least, most]) {
      expect(parseSettings(JSON.stringify({ [key]: value }))[key]).toBe(value);
    }
    for (const value of [least - 1, most + 1]) {
      expect(readSettings(JSON.stringify({ [key]: value }))).toEqual({
        ok: false,
        reason: expect.stringMatching(
          new RegExp(`^${key}: expected .* from ${least} to ${most}, got ${value}$`),
        ),
      });
    }
  });

  it('are read from any text without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof readSettings(text).ok).toBe('boolean');
      }),
    );
  });

  it("are not taken from an object's prototype", () => {
    const read = readSettings('{"__proto__":{"mode":"consensus"}}');

    expect(read).toMatchObject({ ok: true, settings: DEFAULT_SETTINGS });
  });
});
