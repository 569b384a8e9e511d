import type { Patience } from '../../lib/aws/retry.ts';

/** A clock in whole milliseconds, as `Date.now` is, that moves only when something waits; it records the waits. */
export interface FakeClock {
  readonly waits: readonly number[];
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
  readonly patience: (overrides?: Partial<Patience>) => Patience;
}

export function fakeClock(startMs = 1_000_000): FakeClock {
  let nowMs = startMs;
  const waits: number[] = [];
  const now = () => nowMs;
  const wait = (milliseconds: number) => {
    waits.push(milliseconds);
    nowMs += Math.ceil(milliseconds);
    return Promise.resolve();
  };
  return {
    waits,
    now,
    advance: (milliseconds) => {
      nowMs += milliseconds;
    },
    patience: (overrides) => ({ deadlineMs: startMs + 30_000, now, wait, random: () => 0.5, ...overrides }),
  };
}
