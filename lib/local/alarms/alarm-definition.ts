import { type Evaluation, MISSING_DATA_TREATMENTS, type MissingDataTreatment } from './alarm-state.ts';
import { type Expression, parseMetricMath } from './metric-math.ts';
import { type MetricQuery, STATISTICS, type Statistic } from './metric-store.ts';

/** An alarm from its template, ready to be evaluated. */
export interface AlarmDefinition extends Evaluation {
  readonly name: string;
  readonly periodSeconds: number;
  readonly metrics: ReadonlyMap<string, MetricQuery>;
  /** The expression that is compared with the threshold, over the metrics' ids. */
  readonly expression: Expression;
  readonly breaches: (value: number) => boolean;
}

/** An alarm with properties that are not emulated. */
export class AlarmDefinitionError extends Error {
  override readonly name = 'AlarmDefinitionError';
  readonly code = 'alarm_definition';
}

interface MetricProperties {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface DataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: { readonly Metric: MetricProperties; readonly Period: number; readonly Stat: string };
}

/** Properties of an `AWS::CloudWatch::Alarm` that decide its state. */
export interface AlarmProperties extends Partial<MetricProperties> {
  readonly AlarmName: string;
  readonly Metrics?: readonly DataQuery[];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * Reads an alarm of a synthesized template.
 *
 * @param resolve resolves a dimension's value that is not text, such as a reference to a resource
 * @throws {AlarmDefinitionError} or {MetricMathError}: one line
 */
export function readAlarm(properties: AlarmProperties, resolve: (value: unknown) => string): AlarmDefinition {
  const { AlarmName: name, Threshold: threshold, EvaluationPeriods: evaluationPeriods } = properties;
  const queries = queriesOf(properties);
  const metrics = new Map<string, MetricQuery>();
  const periods = new Set<number>();
  for (const { Id, MetricStat } of queries) {
    if (MetricStat === undefined) continue;
    metrics.set(Id, metricQuery(name, MetricStat, resolve));
    periods.add(MetricStat.Period);
  }
  const [periodSeconds = 0] = periods;
  if (periods.size !== 1) throw new AlarmDefinitionError(`alarm ${name}: its metrics differ in period`);
  const returned = queries.find(({ ReturnData = true }) => ReturnData);
  const compare = COMPARISONS[properties.ComparisonOperator];
  if (compare === undefined) {
    throw new AlarmDefinitionError(
      `alarm ${name}: comparison ${properties.ComparisonOperator} is not known here`,
    );
  }
  return {
    name,
    periodSeconds,
    metrics,
    expression: parseMetricMath(returned?.Expression ?? returned?.Id ?? ''),
    breaches: (value) => compare(value, threshold),
    evaluationPeriods,
    datapointsToAlarm: properties.DatapointsToAlarm ?? evaluationPeriods,
    missingData: treatmentOf(name, properties.TreatMissingData ?? 'missing'),
  };
}

/** An alarm on a single metric has no queries of its own. */
function queriesOf({ Metrics, Namespace, MetricName, Dimensions = [], Period, Statistic }: AlarmProperties) {
  if (Metrics !== undefined) return Metrics;
  const Metric = { Namespace: Namespace ?? '', MetricName: MetricName ?? '', Dimensions };
  return [
    { Id: 'metric', MetricStat: { Metric, Period: Period ?? 0, Stat: Statistic ?? '' } },
  ] as DataQuery[];
}

function metricQuery(
  alarm: string,
  { Metric, Stat }: NonNullable<DataQuery['MetricStat']>,
  resolve: (value: unknown) => string,
): MetricQuery {
  const statistic = STATISTICS.find((known): known is Statistic => known === Stat);
  if (statistic === undefined) {
    throw new AlarmDefinitionError(`alarm ${alarm}: statistic ${Stat} is not known here`);
  }
  const dimensions = (Metric.Dimensions ?? []).map(({ Name, Value }) => [
    Name,
    typeof Value === 'string' ? Value : resolve(Value),
  ]);
  return {
    namespace: Metric.Namespace,
    name: Metric.MetricName,
    dimensions: Object.fromEntries(dimensions),
    statistic,
  };
}

function treatmentOf(alarm: string, given: string): MissingDataTreatment {
  const treatment = MISSING_DATA_TREATMENTS.find((known) => known === given);
  if (treatment !== undefined) return treatment;
  throw new AlarmDefinitionError(`alarm ${alarm}: missing data as ${given} is not known here`);
}
