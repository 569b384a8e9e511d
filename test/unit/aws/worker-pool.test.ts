import { describe, expect, it } from 'vitest';
import { workThrough } from '../../../lib/aws/worker-pool.ts';

describe('workThrough', () => {
  it('works on every element once, at most so many at a time, and takes none before its turn', async () => {
    let taken = 0;
    let busy = 0;
    let busiest = 0;
    const elements = (function* () {
      for (let n = 0; n < 10; n++) {
        taken++;
        yield n;
      }
    })();
    const done: number[] = [];

    await workThrough(elements, 3, async (element) => {
      busy++;
      busiest = Math.max(busiest, busy);
      expect(taken - done.length).toBeLessThanOrEqual(3);
      await Promise.resolve();
      done.push(element);
      busy--;
    });

    expect(done.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(busiest).toBe(3);
  });

  it('throws what fails when all others are done', async () => {
    const done: number[] = [];

    const working = workThrough([0, 1, 2, 3, 4], 2, async (element) => {
      if (element === 1) throw new RangeError('one');
      await new Promise((resolve) => setTimeout(resolve, 1));
      done.push(element);
    });

    await expect(working).rejects.toThrow(new RangeError('one'));
    expect(done).toEqual([0, 2, 3, 4]);
  });

  it('is done with nothing', async () => {
    await expect(workThrough([], 4, () => Promise.reject(new Error('no')))).resolves.toBeUndefined();
  });
});
