import type { TimeRange } from '../../store/timeline.ts';

/** How far ahead of ours the queue's clock, which sets arrival times, may be. */
const CLOCK_SKEW_MS = 60_000;

/** From a point in time until now. */
export function until(nowMs: number, sinceMs: number): TimeRange {
  return { fromMs: sinceMs, toMs: nowMs + CLOCK_SKEW_MS, nowMs };
}
