import type { Template } from '../template/template.ts';
import { PRICES } from './prices.ts';

/** A monthly charge, independent of traffic. */
export interface MonthlyCost {
  readonly name: string;
  readonly count: number;
  readonly usd: number;
}

/**
 * Lambda's minimum number of long polls of a queue, each 20 s if nothing comes. Source: AWS Lambda Developer Guide,
 * "Using Lambda with Amazon SQS", polling and batching behavior.
 */
const POLLERS = 5;
const POLL_SECONDS = 20;
const SECONDS_PER_MONTH = 730 * 3600;

/** Alarms with a shorter period than a minute cost more. */
const STANDARD_PERIOD_SECONDS = 60;

/**
 * Monthly cost of the templates' resources without traffic, in US dollars. Custom metrics are not included: they are
 * charged only for hours in which they have data.
 */
export function monthlyCost(templates: readonly Template[]): MonthlyCost[] {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  const alarmed = ofType('AWS::CloudWatch::Alarm').flatMap(({ Properties }) => periodsOf(Properties));
  const highResolution = alarmed.filter((period) => period < STANDARD_PERIOD_SECONDS).length;
  const polls =
    (ofType('AWS::Lambda::EventSourceMapping').length * POLLERS * SECONDS_PER_MONTH) / POLL_SECONDS;
  const cost = (name: string, count: number, price: number): MonthlyCost => ({
    name,
    count,
    usd: count * price,
  });
  return [
    cost('metrics that alarms look at', alarmed.length - highResolution, PRICES.alarmMetricMonth),
    cost('the same, high resolution', highResolution, PRICES.highResolutionAlarmMetricMonth),
    cost('composite alarms', ofType('AWS::CloudWatch::CompositeAlarm').length, PRICES.compositeAlarmMonth),
    cost('dashboards', ofType('AWS::CloudWatch::Dashboard').length, PRICES.dashboardMonth),
    cost('encryption keys', ofType('AWS::KMS::Key').length, PRICES.keyMonth),
    cost('polls of an empty queue', polls, PRICES.sqsRequest),
  ].filter(({ count }) => count > 0);
}

/** Monthly cost of custom metrics that have data in every hour. */
export function metricsCost(count: number): MonthlyCost {
  return { name: 'custom metrics, in use all the time', count, usd: count * PRICES.metricMonth };
}

/** The period of each of an alarm's metrics, in seconds. */
function periodsOf(properties: Readonly<Record<string, unknown>>): number[] {
  const { Period, Metrics } = properties as {
    readonly Period?: number;
    readonly Metrics?: readonly { readonly MetricStat?: { readonly Period: number } }[];
  };
  if (Metrics === undefined) return [Period ?? STANDARD_PERIOD_SECONDS];
  return Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Period]));
}
