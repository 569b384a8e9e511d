import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';

/** The rollback function's runs since a point in time. */
export interface RollbackRuns {
  /** Invocations by the alarm's event. */
  readonly events: number;
  /** Runs of the function, however invoked. */
  readonly runs: number;
  /** Those that failed. */
  readonly errors: number;
}

const PERIOD_SECONDS = 60;

/**
 * Queries the metrics of the rollback function and of the rule by which the alarm invokes it.
 *
 * @param sinceMs epoch milliseconds; metrics are per full minute, and this minute is included
 * @throws what the client throws
 */
export async function rollbackRuns(
  client: CloudWatchClient,
  { functionName, ruleName }: { readonly functionName: string; readonly ruleName: string },
  sinceMs: number,
): Promise<RollbackRuns> {
  const ofRule = { Name: 'RuleName', Value: ruleName };
  const ofFunction = { Name: 'FunctionName', Value: functionName };
  const periodMs = PERIOD_SECONDS * 1_000;
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(Math.floor(sinceMs / periodMs) * periodMs),
      EndTime: new Date(Date.now() + periodMs),
      MetricDataQueries: [
        sumOf('events', 'AWS/Events', 'Invocations', ofRule),
        sumOf('runs', 'AWS/Lambda', 'Invocations', ofFunction),
        sumOf('errors', 'AWS/Lambda', 'Errors', ofFunction),
      ],
    }),
  );
  const total = (id: string) => {
    const values = MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
    return values.reduce((sum, value) => sum + value, 0);
  };
  return { events: total('events'), runs: total('runs'), errors: total('errors') };
}

function sumOf(
  Id: string,
  Namespace: string,
  MetricName: string,
  dimension: { readonly Name: string; readonly Value: string },
): MetricDataQuery {
  const Metric = { Namespace, MetricName, Dimensions: [dimension] };
  return { Id, MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: 'Sum' } };
}
