import type { TimeRange } from '../store/timeline.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Widths that a reader can take in at a glance. */
const WIDTHS_MS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 30, 90].map((days) => days * DAY_MS),
] as const;
/** As many points as a chart can show apart. */
const MOST_STEPS = 48;

/** A time range cut into steps of equal width, which begin at full hours and days (UTC) as far as they can. */
export interface TimeSteps {
  readonly firstMs: number;
  readonly widthMs: number;
  readonly count: number;
}

export function timeSteps({ fromMs, toMs }: TimeRange): TimeSteps {
  const largest = WIDTHS_MS.at(-1) ?? DAY_MS;
  const widthMs = WIDTHS_MS.find((width) => (toMs - fromMs) / width < MOST_STEPS) ?? largest;
  const first = Math.floor(fromMs / widthMs);
  return { firstMs: first * widthMs, widthMs, count: Math.floor(toMs / widthMs) - first + 1 };
}

/** Index of the step that holds a point in time. */
export function stepAt({ firstMs, widthMs }: TimeSteps, ms: number): number {
  return Math.floor((ms - firstMs) / widthMs);
}
