import { describe, expect, it, vi } from 'vitest';
import { isOverWithin } from '../../../lib/aws/is-over-within.ts';

const NEVER = new Promise<void>(() => {});

/** Settles after some microtasks, without a timer. */
async function soon(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await undefined;
}

describe('isOverWithin', () => {
  it.each<[string, () => Promise<unknown>, number, boolean]>([
    ['is over', () => Promise.resolve(), 1_000, true],
    ['is over soon, with no time left', soon, 0, true],
    ['is over soon, with less than no time left', soon, -5, true],
    ['takes longer', () => NEVER, 10, false],
    ['takes longer, with no time left', () => NEVER, 0, false],
  ])('says whether a promise that %s is over', async (_, start, milliseconds, expected) => {
    expect(await isOverWithin(start(), milliseconds)).toBe(expected);
  });

  it('passes on what the promise rejects with', async () => {
    await expect(isOverWithin(Promise.reject(new Error('down')), 1_000)).rejects.toThrow('down');
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    try {
      await isOverWithin(soon(), 1_000);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
