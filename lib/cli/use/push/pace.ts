import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a number of actions may be taken. */
export type Pace = (amount: number) => Promise<void>;

export interface PaceClock {
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** Timers are limited to 32 bits of milliseconds. */
const LONGEST_WAIT_MS = 2 ** 30;

const CLOCK: PaceClock = { now: () => performance.now(), wait: (milliseconds) => sleep(milliseconds) };

/**
 * Keeps an average rate since the start: a burst is let through at once and followed by a wait.
 *
 * @param perSecond undefined means no limit
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
