import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE, metricsServiceName } from '../../lib/telemetry/metric-names.ts';

/** For metrics without an alarm, which would set the period. */
const DEFAULT_PERIOD = Duration.minutes(5);

export interface RatioProps {
  readonly label: string;
  /** Numerator: metrics by name. */
  readonly parts: readonly string[];
  /** Whether the sum or the largest of several parts is used. */
  readonly combine?: 'sum' | 'largest';
  /** Denominator: a metric by name. */
  readonly whole: string;
  /** Below this volume the ratio is not evaluated. */
  readonly minimumVolume: number;
  /** The value used in that case; must not breach. */
  readonly otherwise?: number;
  readonly periodMinutes: number;
}

export interface FewProps {
  readonly label: string;
  /** The metric that is counted, and the one it is part of, by name. */
  readonly part: string;
  readonly whole: string;
  /** From this volume of the whole on, nothing is counted. */
  readonly below: number;
  readonly periodMinutes: number;
}

/** The metrics that the function emits, defined in one place for alarms and dashboard. */
export class ScoringMetrics {
  readonly #dimensionsMap: Readonly<Record<string, string>>;

  constructor(environmentName: string) {
    this.#dimensionsMap = { service: metricsServiceName(environmentName) };
  }

  sum(metricName: string, label: string, period = DEFAULT_PERIOD): Metric {
    return this.#metric(metricName, label, Stats.SUM, period);
  }

  maximum(metricName: string, label: string, period = DEFAULT_PERIOD): Metric {
    return this.#metric(metricName, label, Stats.MAXIMUM, period);
  }

  average(metricName: string, label: string, period = DEFAULT_PERIOD): Metric {
    return this.#metric(metricName, label, Stats.AVERAGE, period);
  }

  percentile(metricName: string, percent: number, label: string, period = DEFAULT_PERIOD): Metric {
    return this.#metric(metricName, label, Stats.percentile(percent), period);
  }

  /**
   * A ratio of metrics, if there is enough volume. Missing data is not filled in: an invocation emits all of these
   * metrics or none, and a period without any has no ratio.
   */
  ratio({ label, parts, combine = 'sum', whole, minimumVolume, otherwise = 0, periodMinutes }: RatioProps) {
    const period = Duration.minutes(periodMinutes);
    const usingMetrics = Object.fromEntries(
      [...parts, whole].map((name) => [idOf(name), this.sum(name, name, period)]),
    );
    const part = combined(parts.map(idOf), combine);
    return new MathExpression({
      label,
      expression: `IF(${idOf(whole)} >= ${minimumVolume}, ${part} / ${idOf(whole)}, ${otherwise})`,
      usingMetrics,
      period,
    });
  }

  /** A count, if the whole it is part of is too small for a share; else 0. */
  countOfFew({ label, part, whole, below, periodMinutes }: FewProps): MathExpression {
    const period = Duration.minutes(periodMinutes);
    return new MathExpression({
      label,
      expression: `IF(${idOf(whole)} < ${below}, ${idOf(part)}, 0)`,
      usingMetrics: Object.fromEntries(
        [part, whole].map((name) => [idOf(name), this.sum(name, name, period)]),
      ),
      period,
    });
  }

  #metric(metricName: string, label: string, statistic: string, period: Duration): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: this.#dimensionsMap,
      statistic,
      label,
      period,
    });
  }
}

function combined(ids: readonly string[], combine: RatioProps['combine']): string {
  if (combine === 'largest') return `MAX([${ids.join(', ')}])`;
  return ids.length === 1 ? ids.join() : `(${ids.join(' + ')})`;
}

/** The id of a metric in metric math, which begins with a lower-case letter. */
function idOf(metricName: string): string {
  return metricName.charAt(0).toLowerCase() + metricName.slice(1);
}
