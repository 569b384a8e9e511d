import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a number of things may be done. */
export type Pace = (amount: number) => Promise<void>;

export interface PaceClock {
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** Timers take no more than 32 bits of milliseconds. */
const LONGEST_WAIT_MS = 2 ** 30;

const CLOCK: PaceClock = { now: () => performance.now(), wait: (milliseconds) => sleep(milliseconds) };

/**
 * Keeps to a rate on average since the beginning: what comes in lumps is let through as a lump, and then waited for.
 *
 * @param perSecond undefined means as fast as it goes
 */
export function createPace(perSecond: number | undefined, { now, wait }: PaceClock = CLOCK): Pace {
  if (perSecond === undefined) return async () => {};
  const startedAt = now();
  let begun = 0;
  return async (amount) => {
    const due = startedAt + (begun / perSecond) * 1000;
    begun += amount;
    for (let early = due - now(); early > 0; early = due - now())
      await wait(Math.min(early, LONGEST_WAIT_MS));
  };
}
