import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FEED_METRICS } from '../../lib/telemetry/metric-names.ts';
import { ALARMS } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

/**
 * Alarms for all feeds together: each run reports how many of them fail, and a run that does not get that far is an
 * error of the function. Whichever of the two has no data counts as 0.
 *
 * @param hasFeeds whether there is anything to refresh
 */
export function addFeedAlarms(
  alarms: Alarms,
  metrics: ScoringMetrics,
  feedFunction: LambdaFunction,
  hasFeeds: boolean,
): void {
  const period = Duration.minutes(ALARMS['feeds-failing'].pace.periodMinutes);
  alarms.add('feeds-failing', {
    metric: new MathExpression({
      label: 'Feeds that fail',
      expression: 'MAX([FILL(failing, 0), FILL(errors, 0)])',
      usingMetrics: {
        failing: metrics.sum(FEED_METRICS.failing, 'feeds that fail', period),
        errors: feedFunction.metricErrors({ statistic: Stats.SUM, period }),
      },
      period,
    }),
    threshold: 0,
  });
  if (hasFeeds) addStoppedAlarm(alarms, feedFunction);
}

/** A function that never runs reports nothing: missing data is the fault itself. */
function addStoppedAlarm(alarms: Alarms, feedFunction: LambdaFunction): void {
  alarms.add('feeds-stopped', {
    metric: feedFunction.metricInvocations({
      label: 'Runs',
      statistic: Stats.SUM,
      period: Duration.minutes(ALARMS['feeds-stopped'].pace.periodMinutes),
    }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    missingData: TreatMissingData.BREACHING,
  });
}
