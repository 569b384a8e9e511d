import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Attempt, retry } from '../../../lib/aws/retry.ts';
import { ServiceError } from '../../../lib/aws/service-error.ts';
import { fakeClock } from '../../factories/clock.ts';

const throttled = new ServiceError('throttled', 'too fast');
const refused = new ServiceError('refused', 'no');

describe('retry', () => {
  it('asks once where nothing is left', async () => {
    const clock = fakeClock();
    const attempt = vi.fn(() => Promise.resolve(undefined));

    const outcome = await retry(['a'], attempt, 'write', clock.patience());

    expect(outcome).toBeUndefined();
    expect(attempt).toHaveBeenCalledExactlyOnceWith(['a'], expect.any(AbortSignal));
    expect(clock.waits).toEqual([]);
  });

  it('asks again for what is left only', async () => {
    const clock = fakeClock();
    const left = [['b', 'c'], ['c']];
    const attempt = vi.fn((_: string[]): Promise<Attempt<string[]>> => {
      const next = left.shift();
      return Promise.resolve(next && { left: next, error: throttled });
    });

    const outcome = await retry(['a', 'b', 'c'], attempt, 'write', clock.patience());

    expect(outcome).toBeUndefined();
    expect(attempt.mock.calls.map(([work]) => work)).toEqual([['a', 'b', 'c'], ['b', 'c'], ['c']]);
  });

  it('takes what is thrown for nothing done', async () => {
    const clock = fakeClock();
    const attempt = vi
      .fn<(work: string) => Promise<Attempt<string>>>()
      .mockRejectedValueOnce(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
      .mockResolvedValueOnce(undefined);

    const outcome = await retry('work', attempt, 'write', clock.patience());

    expect(outcome).toBeUndefined();
    expect(attempt.mock.calls.map(([work]) => work)).toEqual(['work', 'work']);
  });

  it.each(['denied', 'missing', 'refused'] as const)(
    'gives up at once where something is %s',
    async (code) => {
      const clock = fakeClock();
      const error = new ServiceError(code, 'no');
      const attempt = vi.fn(() => Promise.resolve({ left: 'rest', error }));

      const outcome = await retry('work', attempt, 'write', clock.patience());

      expect(outcome).toEqual({ left: 'rest', error });
      expect(attempt).toHaveBeenCalledTimes(1);
      expect(clock.waits).toEqual([]);
    },
  );

  it('gives up at once where a permanent error is thrown', async () => {
    const clock = fakeClock();

    const outcome = await retry('work', () => Promise.reject(refused), 'write', clock.patience());

    expect(outcome).toEqual({ left: 'work', error: refused });
    expect(clock.waits).toEqual([]);
  });

  it('stops before a wait would end at the deadline, and says what is left and why', async () => {
    const clock = fakeClock();

    const outcome = await retry(
      'work',
      () => Promise.resolve({ left: 'rest', error: throttled }),
      'write',
      clock.patience({ deadlineMs: clock.now() + 100 }),
    );

    expect(outcome).toEqual({ left: 'rest', error: throttled });
    expect(clock.waits).toEqual([12.5, 25, 50]);
  });

  it('doubles the ceiling of its waits up to two seconds', async () => {
    const clock = fakeClock();

    await retry(
      'work',
      () => Promise.resolve({ left: 'work', error: throttled }),
      'write',
      clock.patience({ random: () => 1 }),
    );

    expect(clock.waits.slice(0, 9)).toEqual([25, 50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it('waits between 0 and the ceiling, never beyond the deadline', async () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(draws, fc.integer({ min: 0, max: 10_000 }), async (shares, budget) => {
        const clock = fakeClock();
        const deadlineMs = clock.now() + budget;
        let drawn = 0;
        const random = () => shares[drawn++] ?? 0.5;

        await retry(
          'work',
          () => Promise.resolve({ left: 'work', error: throttled }),
          'write',
          clock.patience({ deadlineMs, random }),
        );

        clock.waits.forEach((wait, tries) => {
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(2_000, 25 * 2 ** tries));
        });
        expect(clock.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(budget);
      }),
    );
  });

  it('gives no request more time than there is', async () => {
    const timeouts = vi.spyOn(AbortSignal, 'timeout');
    const clock = fakeClock();

    await retry(
      'work',
      () => {
        clock.advance(2_000);
        return Promise.resolve({ left: 'work', error: throttled });
      },
      'write',
      clock.patience({ deadlineMs: clock.now() + 4_500, random: () => 0 }),
    );

    expect(timeouts.mock.calls).toEqual([[3_000], [2_500], [500]]);
    timeouts.mockRestore();
  });

  it('starts nothing once the deadline is past', async () => {
    const clock = fakeClock();
    const attempt = vi.fn(() => Promise.resolve(undefined));

    const outcome = await retry('work', attempt, 'write', clock.patience({ deadlineMs: clock.now() - 1 }));

    expect(attempt).not.toHaveBeenCalled();
    expect(outcome).toMatchObject({ left: 'work', error: { code: 'timeout' } });
  });

  it('works with a clock of fractions of a millisecond', async () => {
    const clock = fakeClock();
    const attempt = vi.fn(() => Promise.resolve(undefined));

    const outcome = await retry(
      'work',
      attempt,
      'write',
      clock.patience({ deadlineMs: clock.now() + 100.25 }),
    );

    expect(outcome).toBeUndefined();
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});
