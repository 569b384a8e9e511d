export interface PatternSearchOptions {
  readonly start: readonly number[];
  /** Initial step along every coordinate; halved when no step helps. */
  readonly firstStep: number;
  /** The search ends below this step. */
  readonly lastStep: number;
}

/**
 * Minimises a function of a few parameters without derivatives: Hooke and Jeeves's direct search (Journal of the ACM
 * 8, 1961). Deterministic; finds a local minimum.
 */
export function searchMinimum(
  objective: (point: readonly number[]) => number,
  { start, firstStep, lastStep }: PatternSearchOptions,
): number[] {
  let best = [...start];
  let bestValue = objective(best);
  for (let step = firstStep; step >= lastStep; step /= 2) {
    for (;;) {
      const explored = explore(objective, best, bestValue, step);
      if (explored.value >= bestValue) break;
      // A move that helped often helps again, so try it a second time.
      const leap = explored.point.map((value, i) => 2 * value - (best[i] ?? 0));
      best = explored.point;
      bestValue = explored.value;
      const leapValue = objective(leap);
      if (leapValue < bestValue) {
        best = leap;
        bestValue = leapValue;
      }
    }
  }
  return best;
}

function explore(
  objective: (point: readonly number[]) => number,
  from: readonly number[],
  fromValue: number,
  step: number,
): { point: number[]; value: number } {
  const point = [...from];
  let value = fromValue;
  for (let i = 0; i < point.length; i++) {
    const origin = point[i] ?? 0;
    for (const candidate of [origin + step, origin - step]) {
      point[i] = candidate;
      const candidateValue = objective(point);
      if (candidateValue < value) {
        value = candidateValue;
        break;
      }
      point[i] = origin;
    }
  }
  return { point, value };
}
