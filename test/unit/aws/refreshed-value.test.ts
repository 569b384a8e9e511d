import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefreshedValue, type RefreshedValueOptions } from '../../../lib/aws/refreshed-value.ts';

const MAX_AGE_MS = 30_000;
const TOO_OLD_MS = 60_000;
const RETRY_MS = 10_000;
const PATIENCE = { firstMs: 1_000, refreshMs: 250 };
const TIMEOUT_MS = 2_000;

/** Behaviour of the source: its response time, and whether it fails. */
interface Source {
  value: string;
  takesMs: number;
  error?: unknown;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function setUp(options: Partial<RefreshedValueOptions<string>> = {}) {
  const source: Source = { value: 'one', takesMs: 0 };
  const problems: string[] = [];
  const signals: AbortSignal[] = [];
  const value = new RefreshedValue<string>({
    initial: 'none',
    fetch: async (signal) => {
      signals.push(signal);
      const { value: answer, takesMs, error } = source;
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      if (error !== undefined) throw error;
      return answer;
    },
    maxAgeMs: MAX_AGE_MS,
    tooOldMs: TOO_OLD_MS,
    retryMs: RETRY_MS,
    patience: PATIENCE,
    timeoutMs: TIMEOUT_MS,
    onProblem: (problem) => problems.push(problem),
    random: () => 0,
    ...options,
  });
  /** Requests the value, and returns it with the time that took. */
  const ask = async () => {
    const startMs = Date.now();
    const asked = value.current().then((current) => ({ ...current, waitedMs: Date.now() - startMs }));
    for (let ms = 0; ms < 1_100; ms += 10) await vi.advanceTimersByTimeAsync(10);
    return await asked;
  };
  const settle = async (withinMs = 25_000) => {
    const startMs = Date.now();
    const settled = value.settle(startMs + withinMs).then(() => Date.now() - startMs);
    await vi.advanceTimersByTimeAsync(5_000);
    return await settled;
  };
  /** Advances time between invocations, as a frozen process sees it. */
  const freeze = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
  return { source, problems, signals, value, ask, settle, freeze };
}

describe('RefreshedValue: age', () => {
  it.each([
    ['is as good as new', 20_000, { value: 'one', waitedMs: 0, fetches: 1, next: 'one' }],
    [
      'is old: used at once, while it is refreshed',
      35_000,
      { value: 'one', waitedMs: 0, fetches: 2, next: 'two' },
    ],
    ['is too old: waited for', 70_000, { value: 'two', waitedMs: 100, fetches: 2, next: 'two' }],
  ])('a value that %s', async (_, ageMs, { value, waitedMs, fetches, next }) => {
    const { source, signals, ask, settle, freeze } = setUp();
    await ask();
    Object.assign(source, { value: 'two', takesMs: 100 });
    freeze(ageMs);

    expect(await ask()).toEqual({ value, waitedMs });
    await settle();
    expect(signals).toHaveLength(fetches);
    expect(await ask()).toEqual({ value: next, waitedMs: 0 });
  });

  it.each([
    [0, 30_000],
    [0.5, 33_000],
    [0.999, 35_994],
  ])('with chance %d is refreshed from %d ms on', async (random, ageMs) => {
    const { signals, value, freeze } = setUp({ random: () => random });
    await value.current();
    freeze(ageMs - 1);
    await value.current();
    const before = signals.length;
    freeze(1);
    await value.current();

    expect([before, signals.length]).toEqual([1, 2]);
  });

  it('is fetched once for all that ask', async () => {
    const { signals, value } = setUp();
    await Promise.all(Array.from({ length: 5 }, () => value.current()));

    expect(signals).toHaveLength(1);
  });

  it('is fetched again soon where it is provisional', async () => {
    const { source, value, ask, freeze } = setUp({ isProvisional: (current) => current === 'one' });
    await ask();
    source.value = 'two';
    freeze(RETRY_MS);
    await ask();

    expect(await value.current()).toEqual({ value: 'two' });
  });

  it('is the same object until something changes', async () => {
    const { value } = setUp();

    expect(await value.current()).toBe(await value.current());
  });
});

describe('RefreshedValue: a source that fails', () => {
  it.each<[string, Partial<Source>, string]>([
    ['throws', { error: new Error('denied') }, 'denied'],
    ['throws no error', { error: 'denied' }, 'denied'],
    ['is silent', { takesMs: 10_000 }, 'no answer in time'],
  ])('leaves the last good value in use and is reported once: it %s', async (_, trouble, problem) => {
    const { source, problems, ask, settle, freeze } = setUp();
    await ask();
    Object.assign(source, trouble);
    const asked = [];
    for (let n = 0; n < 3; n++) {
      freeze(70_000);
      asked.push(await ask());
      await settle();
    }

    expect(asked.map(({ value, problem: seen }) => [value, seen])).toEqual(Array(3).fill(['one', problem]));
    expect(problems).toEqual([problem]);
  });

  it('is asked again after a while, and not before', async () => {
    const { source, signals, ask, freeze } = setUp();
    source.error = new Error('denied');
    await ask();
    freeze(RETRY_MS - 2_000);
    await ask();
    const before = signals.length;
    freeze(2_000);
    delete source.error;

    expect(await ask()).toMatchObject({ value: 'one' });
    expect([before, signals.length]).toEqual([1, 2]);
  });

  it('is reported again when it fails after it worked', async () => {
    const { source, problems, ask, freeze } = setUp();
    for (const error of [new Error('denied'), undefined, new Error('denied')]) {
      Object.assign(source, { error });
      await ask();
      freeze(70_000);
    }

    expect(problems).toEqual(['denied', 'denied']);
  });

  it.each([
    ['the first value', false, 1_000],
    ['a newer one', true, 250],
  ])('is waited for up to the patience for %s', async (_, hasValue, waitedMs) => {
    const { source, ask, freeze } = setUp();
    if (hasValue) await ask();
    source.takesMs = 10_000;
    freeze(70_000);

    expect(await ask()).toMatchObject({ waitedMs, problem: 'no answer in time' });
  });

  it('that throws before it returns does not stop later refreshes', async () => {
    let fails = true;
    const { value, freeze } = setUp({
      fetch: () => {
        if (fails) throw new Error('defect');
        return Promise.resolve('two');
      },
    });
    await value.current();
    fails = false;
    freeze(RETRY_MS);

    expect(await value.current()).toEqual({ value: 'two' });
  });
});

describe('RefreshedValue: the end of an invocation', () => {
  it('waits for what is under way, so that the next invocation has it', async () => {
    const { source, ask, settle, freeze } = setUp();
    await ask();
    Object.assign(source, { value: 'two', takesMs: 1_800 });
    freeze(35_000);
    await ask();
    await settle();

    expect(vi.getTimerCount()).toBe(0);
    expect(await ask()).toEqual({ value: 'two', waitedMs: 0 });
  });

  it('calls off what takes too long without a report, and the next invocation asks again', async () => {
    const { source, problems, signals, value, settle, freeze } = setUp();
    await value.current();
    Object.assign(source, { value: 'two', takesMs: 1_800 });
    freeze(35_000);
    await value.current();
    await settle(0);
    const isCalledOff = signals[1]?.aborted;
    source.takesMs = 0;
    await value.current();

    expect(isCalledOff).toBe(true);
    expect(signals).toHaveLength(3);
    expect(problems).toEqual([]);
  });

  it('is at once where nothing is under way', async () => {
    const { ask, settle } = setUp();
    await ask();

    expect(await settle()).toBe(0);
  });

  it('leaves no timer that could fire at the thaw', async () => {
    const { value } = setUp();
    await value.current();
    await value.settle(Date.now());

    expect(vi.getTimerCount()).toBe(0);
  });
});
