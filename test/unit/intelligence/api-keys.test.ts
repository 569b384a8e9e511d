import { describe, expect, it } from 'vitest';
import { type ApiKeys, refreshedKeys } from '../../../lib/intelligence/keys/api-keys.ts';
import { fakeClock } from '../../factories/clock.ts';

const MAX_AGE_MS = 300_000;
const one: ApiKeys = { virustotal: { key: 'one', version: 1 } };
const other: ApiKeys = { virustotal: { key: 'other', version: 2 } };

function setUp() {
  const clock = fakeClock();
  const held = { keys: one as ApiKeys | Error, reads: 0 };
  const problems: string[] = [];
  const keys = refreshedKeys(
    async () => {
      held.reads++;
      if (held.keys instanceof Error) throw held.keys;
      return held.keys;
    },
    {
      maxAgeMs: MAX_AGE_MS,
      onProblem: (problem) => problems.push(problem),
      now: clock.now,
      random: () => 0,
    },
  );
  /** An invocation; returns the keys that it uses. */
  const invoke = async () => {
    const { value } = await keys.current();
    await keys.settle(clock.now() + 1_000);
    return value;
  };
  return { clock, held, problems, invoke };
}

describe('refreshedKeys', () => {
  it('reads once in the time for which keys are used', async () => {
    const { clock, held, invoke } = setUp();
    for (let n = 0; n < 10; n++) {
      expect(await invoke()).toEqual(one);
      clock.advance(29_000);
    }

    expect(held.reads).toBe(1);
  });

  it.each([
    ['uses the old ones once more where they are old', 300_000, one],
    ['waits for the new ones where they are too old', 600_000, other],
  ])('%s', async (_, ageMs, expected) => {
    const { clock, held, invoke } = setUp();
    await invoke();
    held.keys = other;
    clock.advance(ageMs);

    expect(await invoke()).toEqual(expected);
    expect(await invoke()).toEqual(other);
  });

  it('keeps the old ones where reading fails, reports the kind of error only, and tries again soon', async () => {
    const { clock, held, problems, invoke } = setUp();
    await invoke();
    held.keys = new TypeError('the-secret-key is no key');
    clock.advance(300_000);
    await invoke();
    expect(await invoke()).toEqual(one);

    held.keys = other;
    clock.advance(30_000);
    await invoke();

    expect(problems).toEqual(['TypeError']);
    expect(await invoke()).toEqual(other);
  });
});
