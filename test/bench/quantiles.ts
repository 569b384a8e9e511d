/** Something measured, and how often it stands for something. */
export interface Sample {
  readonly value: number;
  readonly weight: number;
}

/**
 * Quantile by the nearest rank: the smallest value to which at least the share `q` (0-1) of all weight goes.
 *
 * @throws RangeError without samples
 */
export function weightedQuantile(samples: readonly Sample[], q: number): number {
  const sorted = samples.filter(({ weight }) => weight > 0).sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let covered = 0;
  for (const { value, weight } of sorted) {
    covered += weight;
    if (covered >= total * q) return value;
  }
  throw new RangeError('quantile of nothing');
}

/** Of an even count the lower of the middle two. */
export function medianOf(values: readonly number[]): number {
  return weightedQuantile(
    values.map((value) => ({ value, weight: 1 })),
    0.5,
  );
}
