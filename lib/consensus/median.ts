/** Decimals that count; anything beyond is floating-point noise (0.55 - 0.3 is not quite 0.25). */
const DECIMALS_SCALE = 1e9;

/**
 * Median of at least one finite number; for an even count the mean of the middle two.
 *
 * With any f < n/2 of n values chosen by an adversary the result lies between the smallest and the largest of the
 * others: the breakdown point of the median is 1/2 (Huber and Ronchetti, Robust Statistics, 2nd ed., 2009, section 3.2).
 */
export function median(values: readonly number[]): number {
  const sorted = sortAscending(values);
  const upper = sorted[sorted.length >> 1];
  if (upper === undefined) throw new RangeError('median of no values');
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[(sorted.length >> 1) - 1] ?? upper;
  // Rounding must not move the mean out of the range of the two values.
  return Math.min(upper, Math.max(lower, withoutNoise((lower + upper) / 2)));
}

/** Absolute difference of two numbers, free of floating-point noise. */
export function distance(a: number, b: number): number {
  return withoutNoise(Math.abs(a - b));
}

/** Insertion sort: for a handful of votes several times faster than the general sort. */
function sortAscending(values: readonly number[]): number[] {
  const sorted = values.slice();
  for (let i = 1; i < sorted.length; i++) {
    const value = sorted[i] ?? 0;
    let j = i - 1;
    for (; j >= 0 && (sorted[j] ?? 0) > value; j--) sorted[j + 1] = sorted[j] ?? 0;
    sorted[j + 1] = value;
  }
  return sorted;
}

function withoutNoise(value: number): number {
  return Math.round(value * DECIMALS_SCALE) / DECIMALS_SCALE;
}
