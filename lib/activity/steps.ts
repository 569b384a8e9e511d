/**
 * Steps that counts are rounded down to: 1, 2, 3, 5, 10, 20, 30, 50, 100 and so on. Two counts in the same step mean
 * the same to a scorer, so that addresses that behave alike share one scoring input.
 */
const MANTISSAS = [1, 2, 3, 5] as const;

/** @returns the largest step that does not exceed the count; 0 for a count below 1 */
export function stepOf(count: number): number {
  if (!(count >= 1)) return 0;
  let power = 1;
  while (count >= 10 * power) power *= 10;
  let step = power;
  for (const mantissa of MANTISSAS) if (count >= mantissa * power) step = mantissa * power;
  return step;
}

const PERCENT_STEPS = [0, 1, 2, 5, 10, 15, 20, 30, 50, 75, 100] as const;

/** Rounds a share up to the next step, percent, since smaller figures are the stronger evidence. At most 100. */
export function percentStepOf(share: number): number {
  return PERCENT_STEPS.find((percent) => share * 100 <= percent) ?? 100;
}
