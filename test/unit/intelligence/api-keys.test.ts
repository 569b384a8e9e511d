import { describe, expect, it } from 'vitest';
import { type ApiKeys, CachedApiKeys } from '../../../lib/intelligence/keys/api-keys.ts';
import { fakeClock } from '../../factories/clock.ts';

const MAX_AGE_MS = 300_000;
const FOREVER = new Promise<void>(() => {});
const one: ApiKeys = { virustotal: { key: 'one', version: 1 } };
const other: ApiKeys = { virustotal: { key: 'other', version: 2 } };

function setUp() {
  const clock = fakeClock();
  const held = { keys: one as ApiKeys | Error, reads: 0 };
  const keys = new CachedApiKeys(
    async () => {
      held.reads++;
      if (held.keys instanceof Error) throw held.keys;
      return held.keys;
    },
    MAX_AGE_MS,
    clock.now,
  );
  return { clock, held, keys };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('CachedApiKeys', () => {
  it('reads once in the time for which keys are used', async () => {
    const { clock, held, keys } = setUp();
    for (let n = 0; n < 10; n++) {
      expect(await keys.current(FOREVER)).toEqual(one);
      clock.advance(29_000);
    }

    expect(held.reads).toBe(1);
  });

  it('uses the old ones while it reads again, and then the new', async () => {
    const { clock, held, keys } = setUp();
    await keys.current(FOREVER);
    held.keys = other;
    clock.advance(300_000);

    expect(await keys.current(FOREVER)).toEqual(one);
    await settled();
    expect(await keys.current(FOREVER)).toEqual(other);
  });

  it('keeps the old ones where reading fails, says so, and tries again before long', async () => {
    const { clock, held, keys } = setUp();
    const failures: unknown[] = [];
    keys.onFailure = (error) => failures.push(error);
    await keys.current(FOREVER);
    held.keys = new Error('denied');
    clock.advance(300_000);
    await keys.current(FOREVER);
    await settled();
    expect(await keys.current(FOREVER)).toEqual(one);

    held.keys = other;
    clock.advance(30_000);
    await keys.current(FOREVER);
    await settled();

    expect(failures).toEqual([new Error('denied')]);
    expect(await keys.current(FOREVER)).toEqual(other);
  });

  it('has none where the first reading takes too long, and has them when it is over', async () => {
    const { promise, resolve } = Promise.withResolvers<ApiKeys>();
    const keys = new CachedApiKeys(() => promise, MAX_AGE_MS);

    expect(await keys.current(Promise.resolve())).toEqual({});
    resolve(one);
    await settled();
    expect(await keys.current(FOREVER)).toEqual(one);
  });

  it('reads once for all that wait', async () => {
    const { held, keys } = setUp();
    await Promise.all(Array.from({ length: 5 }, () => keys.current(FOREVER)));

    expect(held.reads).toBe(1);
  });
});
