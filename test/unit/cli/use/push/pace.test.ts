import { describe, expect, it } from 'vitest';
import { createPace } from '../../../../../lib/cli/use/push/pace.ts';

function clock() {
  let nowMs = 5_000;
  const waits: number[] = [];
  const wait = (milliseconds: number) => {
    waits.push(milliseconds);
    nowMs += milliseconds;
    return Promise.resolve();
  };
  return { waits, now: () => nowMs, wait };
}

describe('a pace', () => {
  it('lets the first lump through and waits as long as it should have taken', async () => {
    const { waits, ...time } = clock();
    const pace = createPace(100, time);

    for (const amount of [50, 200, 10, 10]) await pace(amount);

    expect(waits).toEqual([500, 2_000, 100]);
  });

  it('catches up after a delay', async () => {
    const { waits, ...time } = clock();
    const pace = createPace(100, time);
    await pace(50);
    await time.wait(10_000);

    await pace(50);
    await pace(50);

    expect(waits).toEqual([10_000]);
  });

  it('waits for longer than a timer takes', async () => {
    const { waits, ...time } = clock();
    const pace = createPace(0.000_001, time);
    await pace(2);

    await pace(1);

    expect(waits).toEqual([2 ** 30, 2e9 - 2 ** 30]);
  });

  it('does not wait where no rate is given', async () => {
    const { waits, ...time } = clock();

    await createPace(undefined, time)(1e9);

    expect(waits).toEqual([]);
  });
});
