import type { MetricDatum } from './embedded-metrics.ts';

export const STATISTICS = ['Sum', 'Average', 'Maximum', 'Minimum', 'SampleCount'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** A statistic of a metric; dimensions must match exactly. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
}

/** A minute's aggregate of one metric; every statistic over whole minutes can be derived from it. */
interface Aggregate {
  sum: number;
  samples: number;
  least: number;
  most: number;
}

const MINUTE_SECONDS = 60;

/** Stores metrics like CloudWatch: by namespace, name and dimensions, aggregated by minute. */
export class MetricStore {
  readonly #series = new Map<string, Map<number, Aggregate>>();

  put({ value, timestampMs, ...metric }: MetricDatum): void {
    const seriesKey = keyOf(metric);
    let series = this.#series.get(seriesKey);
    if (series === undefined) {
      series = new Map();
      this.#series.set(seriesKey, series);
    }
    const minute = Math.floor(timestampMs / (MINUTE_SECONDS * 1000));
    const known = series.get(minute) ?? { sum: 0, samples: 0, least: value, most: value };
    known.sum += value;
    known.samples++;
    known.least = Math.min(known.least, value);
    known.most = Math.max(known.most, value);
    series.set(minute, known);
  }

  /** Removes values older than this, epoch seconds. */
  forgetBefore(seconds: number): void {
    for (const series of this.#series.values()) {
      for (const minute of series.keys()) if (minute * MINUTE_SECONDS < seconds) series.delete(minute);
    }
  }

  has(metric: Omit<MetricQuery, 'statistic'>): boolean {
    return this.#series.has(keyOf(metric));
  }

  /**
   * @param startSeconds epoch seconds; a whole minute, like the period
   * @returns the statistic over a period; undefined if the metric has no value in it
   */
  statistic(query: MetricQuery, startSeconds: number, periodSeconds: number): number | undefined {
    const series = this.#series.get(keyOf(query));
    if (series === undefined) return undefined;
    const inPeriod: Aggregate[] = [];
    for (let seconds = startSeconds; seconds < startSeconds + periodSeconds; seconds += MINUTE_SECONDS) {
      const aggregate = series.get(seconds / MINUTE_SECONDS);
      if (aggregate !== undefined) inPeriod.push(aggregate);
    }
    return inPeriod.length === 0 ? undefined : statisticOf(inPeriod, query.statistic);
  }
}

function statisticOf(aggregates: readonly Aggregate[], statistic: Statistic): number {
  const total = (of: (aggregate: Aggregate) => number) => aggregates.reduce((sum, each) => sum + of(each), 0);
  const sum = total((each) => each.sum);
  const samples = total((each) => each.samples);
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'SampleCount':
      return samples;
    case 'Average':
      return sum / samples;
    case 'Maximum':
      return Math.max(...aggregates.map(({ most }) => most));
    case 'Minimum':
      return Math.min(...aggregates.map(({ least }) => least));
  }
}

function keyOf({ namespace, name, dimensions }: Omit<MetricQuery, 'statistic'>): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
