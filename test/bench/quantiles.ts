import { type Sample, weightedQuantile } from '../../lib/statistics/quantile.ts';

/**
 * A quantile of what was measured: nothing measured is a failure, not a figure.
 *
 * @throws RangeError without samples
 */
export function quantileOf(samples: readonly Sample[], share: number): number {
  const value = weightedQuantile(samples, share);
  if (value === null) throw new RangeError('quantile of nothing');
  return value;
}

/** Of an even count the lower of the middle two. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(
    values.map((value) => ({ value, weight: 1 })),
    0.5,
  );
}
