/** Scores that differ by less say the same to a human. */
const STEP = 0.1;

/** Whether a score is worse than another by so much that a human is to know, 0.1. */
export function isWorse(score: number, before: number): boolean {
  // Without the rounding, 0.8 - 0.7 would be less than 0.1.
  return Math.round((score - before) * 1e9) / 1e9 >= STEP;
}
