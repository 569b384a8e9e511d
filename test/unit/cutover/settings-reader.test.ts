import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../lib/cutover/settings.ts';
import { SettingsReader, type SettingsReaderOptions } from '../../../lib/cutover/settings-reader.ts';
import type { ParameterValue, StoredSettings } from '../../../lib/cutover/stored-settings.ts';
import { fakeClock } from '../../factories/clock.ts';

const SECOND = 1_000;
const INITIAL = { value: '{"mode":"parallel"}', version: 1, changedAtMs: 7 };
const INITIALS = { source: 'initial', version: 1, changedAtMs: 7 };
const operators = (version: number) => ({ source: 'operator', version, changedAtMs: 0 });

/** A reader of a parameter that can be set, with a clock that only tests advance. */
function readerOf(options: Partial<SettingsReaderOptions> = {}) {
  const clock = fakeClock();
  const parameter = { value: '{"mode":"consensus"}', version: 1, changedAtMs: 0 };
  const stored: { operator: ParameterValue | undefined; initial: ParameterValue | undefined } = {
    operator: parameter,
    initial: INITIAL,
  };
  const fetch = vi.fn(async (_: AbortSignal): Promise<StoredSettings> => structuredClone(stored));
  const problems: string[] = [];
  const onProblem = (problem: string) => problems.push(problem);
  const reader = new SettingsReader({ fetch, onProblem, now: clock.now, random: () => 0, ...options });
  return { reader, clock, parameter, stored, fetch, problems };
}

describe('the settings reader', () => {
  it('gives what the parameter says, and its version', async () => {
    const { reader } = readerOf();

    expect(await reader.read()).toEqual({
      settings: { ...DEFAULT_SETTINGS, mode: 'consensus' },
      origin: operators(1),
      unknownKeys: [],
    });
  });

  it('does not read before it is asked', () => {
    const { fetch } = readerOf();

    expect(fetch).not.toHaveBeenCalled();
  });

  it.each([
    [0, 30],
    [0.5, 33],
    [0.999, 36],
  ])(
    'reads again after thirty seconds and a little more: with chance %d after %d s',
    async (random, seconds) => {
      const { reader, clock, parameter, fetch } = readerOf({ random: () => random });
      await reader.read();
      parameter.value = '{"mode":"legacy"}';
      parameter.version = 2;

      clock.advance(seconds * SECOND - 50);
      const before = await reader.read();
      clock.advance(50);
      const after = await reader.read();
      await reader.read();

      expect(before).toMatchObject({ origin: operators(1), settings: { mode: 'consensus' } });
      expect(after).toMatchObject({ origin: operators(2), settings: { mode: 'legacy' } });
      expect(fetch).toHaveBeenCalledTimes(2);
    },
  );

  it('keeps what was last good while the value is invalid, and says so once', async () => {
    const { reader, clock, parameter, problems } = readerOf();
    const good = await reader.read();
    parameter.value = '{"mode":"turbo"}';
    parameter.version = 2;

    const readings = [];
    for (let n = 0; n < 3; n++) {
      clock.advance(30 * SECOND);
      readings.push(await reader.read());
    }

    const problem =
      'version 2 of the settings is invalid: mode: expected legacy or parallel or consensus, got "turbo"';
    expect(readings).toEqual(Array(3).fill({ ...good, problem }));
    expect(problems).toEqual([problem]);
  });

  it('is well again with the next good value, and would say it again', async () => {
    const { reader, clock, parameter, problems } = readerOf();
    for (const value of ['{}', 'x', '{"mode":"parallel"}', 'x']) {
      parameter.value = value;
      parameter.version++;
      await reader.read();
      clock.advance(30 * SECOND);
    }

    expect(await reader.read()).toMatchObject({ origin: operators(4), settings: { mode: 'parallel' } });
    expect(problems).toHaveLength(2);
  });

  it.each<[string, () => Promise<never>]>([
    ['cannot be read', () => Promise.reject(new Error('no answer'))],
    ['is read by something broken', () => Promise.reject('no answer')],
  ])('goes by the legacy score while there was nothing good yet: the parameter %s', async (_, fetch) => {
    const { reader, problems } = readerOf({ fetch });

    expect(await reader.read()).toEqual({
      settings: DEFAULT_SETTINGS,
      origin: { source: 'none' },
      unknownKeys: [],
      problem: 'no answer',
    });
    expect(DEFAULT_SETTINGS.mode).toBe('legacy');
    expect(problems).toEqual(['no answer']);
  });

  it('goes by the legacy score where the very first value is invalid', async () => {
    const { reader, parameter } = readerOf();
    parameter.value = '';

    expect(await reader.read()).toMatchObject({ settings: { mode: 'legacy' }, origin: { source: 'none' } });
  });

  it('does not ask an unreachable service more often', async () => {
    const fetch = vi.fn(() => Promise.reject(new Error('no answer')));
    const { reader, clock } = readerOf({ fetch });

    await reader.read();
    clock.advance(29 * SECOND);
    await reader.read();
    clock.advance(SECOND);
    await reader.read();

    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('waits a second for the first value, and a quarter of one where there is a good one', async () => {
    vi.useFakeTimers();
    try {
      const { reader, clock, stored, fetch } = readerOf();
      const silence = () => new Promise<never>(() => {});
      const waited = async () => {
        let problem: string | undefined;
        reader.read().then((inForce) => {
          problem = inForce.problem;
        });
        let milliseconds = 0;
        for (; problem === undefined && milliseconds < 5_000; milliseconds += 10) {
          await vi.advanceTimersByTimeAsync(10);
        }
        return { milliseconds, problem };
      };
      fetch.mockImplementation(silence);
      const first = await waited();
      clock.advance(30 * SECOND);
      fetch.mockImplementation(async () => structuredClone(stored));
      await reader.read();
      fetch.mockImplementation(silence);
      clock.advance(30 * SECOND);
      const later = await waited();

      const problem = 'no answer in time';
      expect([first, later]).toEqual([
        { milliseconds: 1_000, problem },
        { milliseconds: 250, problem },
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('has the next invocation use a value that was too late for the last', async () => {
    const { reader, clock, parameter, stored, fetch } = readerOf();
    await reader.read();
    const { promise, resolve } = Promise.withResolvers<StoredSettings>();
    fetch.mockImplementation(() => promise);
    clock.advance(30 * SECOND);
    const late = await reader.read();
    resolve({ ...stored, operator: { ...parameter, value: '{"mode":"legacy"}', version: 2 } });
    await reader.settle(clock.now() + SECOND);

    expect(late).toMatchObject({ origin: operators(1), problem: 'no answer in time' });
    expect(await reader.read()).toEqual({
      settings: DEFAULT_SETTINGS,
      origin: operators(2),
      unknownKeys: [],
    });
  });

  it('goes by the initial settings where nobody has set others, and after a reset', async () => {
    const { reader, clock, parameter, stored, problems } = readerOf();
    const sources = [];
    for (const operator of [undefined, parameter, undefined, { ...parameter, changedAtMs: 9 }]) {
      stored.operator = operator;
      const { origin, settings } = await reader.read();
      sources.push([origin, settings.mode]);
      clock.advance(30 * SECOND);
    }

    // The two versions 1 are different settings.
    expect(sources).toEqual([
      [INITIALS, 'parallel'],
      [operators(1), 'consensus'],
      [INITIALS, 'parallel'],
      [{ ...operators(1), changedAtMs: 9 }, 'consensus'],
    ]);
    expect(problems).toEqual([]);
  });

  it('never takes the initial settings for settings that it cannot understand', async () => {
    const { reader, parameter, stored } = readerOf();
    stored.operator = { ...parameter, value: 'x' };

    expect(await reader.read()).toMatchObject({ settings: { mode: 'legacy' }, origin: { source: 'none' } });
  });

  it('keeps what was last good where it is reset to initial settings that it cannot understand', async () => {
    const { reader, clock, stored, problems } = readerOf();
    await reader.read();
    stored.operator = undefined;
    stored.initial = { ...INITIAL, value: 'x' };
    clock.advance(30 * SECOND);

    expect(await reader.read()).toMatchObject({ settings: { mode: 'consensus' }, origin: operators(1) });
    expect(problems).toEqual(['version 1 of the initial settings is invalid: not JSON: "x"']);
  });

  it('goes by the legacy score, and says so once each time, where there are no settings at all', async () => {
    const { reader, clock, parameter, stored, problems } = readerOf();
    const read = async (operator: ParameterValue | undefined) => {
      stored.operator = operator;
      stored.initial = undefined;
      const inForce = await reader.read();
      clock.advance(30 * SECOND);
      return inForce;
    };
    await read(parameter);
    const [first, second] = [await read(undefined), await read(undefined)];
    const between = await read(parameter);
    await read(undefined);

    const problem = 'there are neither settings nor initial ones';
    const none = { settings: DEFAULT_SETTINGS, origin: { source: 'none' }, unknownKeys: [], problem };
    expect([first, second]).toEqual([none, none]);
    expect(between).not.toHaveProperty('problem');
    expect(problems).toEqual([problem, problem]);
  });

  it('names the keys that it does not know', async () => {
    const { reader, parameter } = readerOf();
    parameter.value = '{"mode":"parallel","brake":true}';

    expect(await reader.read()).toMatchObject({ settings: { mode: 'parallel' }, unknownKeys: ['brake'] });
  });
});
