/** A measured value and its weight. */
export interface Sample {
  readonly value: number;
  readonly weight: number;
}

/**
 * Quantile by nearest rank: the smallest value such that values up to it hold at least the given share of the total
 * weight.
 *
 * @param share 0-1
 * @returns null if the total weight is 0
 */
export function weightedQuantile(samples: Iterable<Sample>, share: number): number | null {
  const sorted = [...samples].filter(({ weight }) => weight > 0).sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let covered = 0;
  for (const { value, weight } of sorted) {
    covered += weight;
    if (covered >= total * share) return value;
  }
  return null;
}

/** Quantile with equal weights; see {@link weightedQuantile}. */
export function quantile(values: readonly number[], share: number): number | null {
  return weightedQuantile(
    values.map((value) => ({ value, weight: 1 })),
    share,
  );
}
