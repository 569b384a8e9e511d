import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FEED_METRICS } from '../../lib/telemetry/metric-names.ts';
import { ALARMS } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

/**
 * One alarm on all feeds: each run says how many of them fail, and a run that does not get so far is an error of the
 * function. Which of the two has no data counts as 0.
 */
export function addFeedAlarms(alarms: Alarms, metrics: ScoringMetrics, feedFunction: LambdaFunction): void {
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
}
