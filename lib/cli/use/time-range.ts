import type { TimeRange } from '../../store/timeline.ts';
import { CliError } from '../cli-error.ts';

/** How far the queue's clock, which sets arrival times, may be ahead of ours. */
const CLOCK_SKEW_MS = 60_000;

/** From a point in time until now. */
export function until(nowMs: number, sinceMs: number): TimeRange {
  return { fromMs: sinceMs, toMs: nowMs + CLOCK_SKEW_MS, nowMs };
}

/** @throws {CliError} if the range ends before it begins */
export function rangeBetween(nowMs: number, since: number, untilMs: number | undefined): TimeRange {
  const range = until(nowMs, since);
  if (untilMs === undefined) return range;
  if (untilMs <= since) throw new CliError('--until must be later than --since', 2);
  return { ...range, toMs: untilMs };
}
