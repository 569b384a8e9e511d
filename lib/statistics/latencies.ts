import type { UnitStatistics } from '../store/unit-statistics.ts';
import type { UnitTimes } from '../store/unit-times.ts';
import { weightedQuantile } from './quantile.ts';

/** Percentiles over assessments, in milliseconds; 0 if there were none. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A unit's times, with their weight. */
export interface TimedStatistics extends UnitTimes {
  readonly statistics: UnitStatistics;
}

/** Percentiles of one of the two times; a unit's time counts once for each of its assessments. */
export function latenciesOf(units: readonly TimedStatistics[], name: keyof UnitTimes): Latencies {
  const samples = units.map((unit) => ({ value: unit[name], weight: unit.statistics.assessments }));
  return {
    p50: weightedQuantile(samples, 0.5) ?? 0,
    p99: weightedQuantile(samples, 0.99) ?? 0,
    max: weightedQuantile(samples, 1) ?? 0,
  };
}
