import { quantile } from '../statistics/quantile.ts';
import { METRIC_NAMES, type Metrics, measureRanking, type Ranking } from './metrics.ts';

/** Lower and upper end of a 95 % interval. */
export type Interval = readonly [low: number, high: number];
export type MetricIntervals = Readonly<Record<keyof Metrics, Interval>>;

const SEED = 1;
const TAIL = 0.025;

/** Resampled sets: the unit of each row, and how often each unit counts in each set. */
export interface Resamples {
  readonly unitOf: Uint32Array;
  readonly weights: readonly Float64Array[];
}

/**
 * Resamples rows by group.
 *
 * Whole networks are drawn with replacement, since rows of one network resemble each other (cluster bootstrap: Davison
 * and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8). The seed is fixed: the same rows give the
 * same draws.
 */
export function drawResamples(groups: readonly string[], count: number): Resamples {
  const numbers = new Map<string, number>();
  const unitOf = Uint32Array.from(groups, (group) => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
  const random = createRandom(SEED);
  const weights = Array.from({ length: count }, () => {
    const drawn = new Float64Array(numbers.size);
    for (let i = 0; i < numbers.size; i++) {
      const group = Math.floor(random() * numbers.size);
      drawn[group] = (drawn[group] ?? 0) + 1;
    }
    return drawn;
  });
  return { unitOf, weights };
}

/** Percentile intervals of a ranking with the same units; resamples without both classes are left out. */
export function estimateIntervals(
  ranking: Ranking,
  maliciousThreshold: number,
  resamples: Resamples,
): MetricIntervals {
  const measured = resamples.weights
    .map((weights) => measureRanking(ranking, maliciousThreshold, weights))
    .filter(({ auc }) => !Number.isNaN(auc));
  const intervals = METRIC_NAMES.map(
    (metric) => [metric, intervalOf(measured.map((metrics) => metrics[metric]))] as const,
  );
  return Object.fromEntries(intervals) as Record<keyof Metrics, Interval>;
}

export function intervalOf(values: readonly number[]): Interval {
  return [quantile(values, TAIL) ?? Number.NaN, quantile(values, 1 - TAIL) ?? Number.NaN];
}

/** Mulberry32: small, fast and portable; from 0 (inclusive) to 1 (exclusive). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
