/** A point with the weights of its malicious and benign observations. */
export interface WeightedPoint {
  readonly values: readonly number[];
  /** Contribution of the model's other parts, besides the intercept; log-odds. */
  readonly offset?: number;
  readonly maliciousWeight: number;
  readonly benignWeight: number;
}

/** Bounds of a weight in log-odds; either may be infinite. */
interface WeightRange {
  readonly lowest: number;
  readonly highest: number;
}

export interface LogisticFit {
  /** Log-odds per unit of each value, in the order of the values. */
  readonly weights: number[];
}

export interface LogisticOptions {
  /** Fixed, not fitted: the answer if all values are 0; log-odds. */
  readonly intercept: number;
  /** The allowed range of each value's weight. */
  readonly ranges: readonly WeightRange[];
  /** Penalty on half the squared weights, relative to the mean log loss. */
  readonly ridge: number;
}

const LARGEST_SWEEP_COUNT = 5_000;
/** Weights are stored with four decimals; the search ends when a sweep moves none by more than this. */
const TOLERANCE = 1e-6;

/**
 * Finds the weights that minimise the weighted log loss plus a ridge penalty, each within its range.
 *
 * Iteratively reweighted least squares with one pass of coordinate descent per step, each coordinate clipped to its
 * range (Friedman, Hastie and Tibshirani, Journal of Statistical Software 33, 2010). The problem is convex, starts at
 * zero and uses no randomness: the same points in the same order give the same weights.
 */
export function fitLogistic(points: readonly WeightedPoint[], options: LogisticOptions): LogisticFit {
  const { intercept, ranges, ridge } = options;
  const weights = ranges.map(() => 0);
  const margins = Float64Array.from(points, ({ offset = 0 }) => intercept + offset);
  const columns = ranges.map((_, j) => Float64Array.from(points, ({ values }) => values[j] ?? 0));
  const malicious = Float64Array.from(points, ({ maliciousWeight }) => maliciousWeight);
  const total = Float64Array.from(points, (point) => point.maliciousWeight + point.benignWeight);

  for (let sweep = 0; sweep < LARGEST_SWEEP_COUNT; sweep++) {
    let largestMove = 0;
    columns.forEach((column, j) => {
      const current = weights[j] ?? 0;
      const { gradient, curvature } = differentiate(column, margins, malicious, total);
      const step = -(gradient + ridge * current) / (curvature + ridge);
      // Far from the optimum the quadratic overshoots; steps of at most 1 in log-odds keep the descent stable.
      const target = current + clamp(step, -1, 1);
      const next = clamp(target, ranges[j]?.lowest ?? -Infinity, ranges[j]?.highest ?? Infinity);
      const move = next - current;
      if (move === 0) return;
      weights[j] = next;
      for (let i = 0; i < margins.length; i++) margins[i] = (margins[i] ?? 0) + move * (column[i] ?? 0);
      largestMove = Math.max(largestMove, Math.abs(move));
    });
    if (largestMove < TOLERANCE) break;
  }
  return { weights };
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.max(lowest, Math.min(highest, value));
}

/** First and second derivative of the log loss with respect to one weight. */
function differentiate(
  column: Float64Array,
  margins: Float64Array,
  malicious: Float64Array,
  total: Float64Array,
): { gradient: number; curvature: number } {
  let gradient = 0;
  let curvature = 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? 0;
    if (value === 0) continue;
    const probability = 1 / (1 + Math.exp(-(margins[i] ?? 0)));
    const weight = total[i] ?? 0;
    gradient += value * (weight * probability - (malicious[i] ?? 0));
    curvature += value * value * weight * probability * (1 - probability);
  }
  return { gradient, curvature };
}
