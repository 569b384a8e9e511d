/** Something measured, and how often it counts. */
export interface Sample {
  readonly value: number;
  readonly weight: number;
}

/**
 * Quantile by the nearest rank: the smallest value that at least the given share of all weight does not exceed.
 *
 * @param share 0-1
 * @returns null if nothing has weight
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

/** Quantile of values that count once each; see {@link weightedQuantile}. */
export function quantile(values: readonly number[], share: number): number | null {
  return weightedQuantile(
    values.map((value) => ({ value, weight: 1 })),
    share,
  );
}
