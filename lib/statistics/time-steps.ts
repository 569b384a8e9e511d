import type { TimeRange } from '../store/timeline.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Step widths that are easy to read on a chart. */
const WIDTHS_MS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 30, 90].map((days) => days * DAY_MS),
] as const;
/** As many points as a chart can show distinctly. */
const MOST_STEPS = 48;

/** A time range divided into equal steps, aligned to full hours and days (UTC) if possible. */
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

/** Index of the step that contains a point in time. */
export function stepAt({ firstMs, widthMs }: TimeSteps, ms: number): number {
  return Math.floor((ms - firstMs) / widthMs);
}
