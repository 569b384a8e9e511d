/** How regular a series of figures is. */
export interface Regularity {
  readonly median: number;
  /** Median absolute deviation from the median, as a share of the median; infinite if the median is 0. */
  readonly dispersion: number;
  /** Bowley's skewness, -1 to 1; 0 if the quartiles are symmetric around the median or equal to it. */
  readonly skewness: number;
}

/**
 * Measures regularity by quartiles and medians, which a few late or missing connections do not move: Bowley's skewness
 * (Elements of Statistics, 4th ed., 1920) and the median absolute deviation, the two measures by which RITA scores
 * beacons.
 *
 * @param values at least one, in any order
 */
export function measureRegularity(values: readonly number[]): Regularity {
  const sorted = Float64Array.from(values).sort();
  const lower = quantile(sorted, 0.25);
  const median = quantile(sorted, 0.5);
  const upper = quantile(sorted, 0.75);
  const deviations = sorted.map((value) => Math.abs(value - median)).sort();
  const width = upper - lower;
  return {
    median,
    dispersion: median > 0 ? quantile(deviations, 0.5) / median : Number.POSITIVE_INFINITY,
    skewness: width > 0 ? (upper + lower - 2 * median) / width : 0,
  };
}

/** Interpolates linearly between neighbouring values. */
function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? 0;
  return below + (above - below) * (position - Math.floor(position));
}
