/** Smaller differences mean nothing to a human. */
const STEP = 0.1;

/** Whether a score is worse than another by at least 0.1, so that a human should know. */
export function isWorse(score: number, before: number): boolean {
  // Without rounding, 0.8 - 0.7 would be less than 0.1.
  return Math.round((score - before) * 1e9) / 1e9 >= STEP;
}
