import type { Template } from '../template/template.ts';
import { PRICES } from './prices.ts';

/** Something that costs by the month, whether records come or not. */
export interface MonthlyCost {
  readonly name: string;
  readonly count: number;
  readonly usd: number;
}

/**
 * Lambda reads a queue with so many long polls at the least, each of 20 s when nothing comes.
 * Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS", polling and batching behavior.
 */
const POLLERS = 5;
const POLL_SECONDS = 20;
const SECONDS_PER_MONTH = 730 * 3600;

/** Alarms that look more often than once a minute cost more. */
const STANDARD_PERIOD_SECONDS = 60;

/**
 * What the resources of synthesized templates cost in a month in which nothing happens, in US dollars. Custom metrics
 * are not among it: they are charged only for hours in which they have data.
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

/** What custom metrics cost in a month all of whose hours have data. */
export function metricsCost(count: number): MonthlyCost {
  return { name: 'custom metrics, in use all the time', count, usd: count * PRICES.metricMonth };
}

/** The period of each metric that an alarm looks at, in seconds. */
function periodsOf(properties: Readonly<Record<string, unknown>>): number[] {
  const { Period, Metrics } = properties as {
    readonly Period?: number;
    readonly Metrics?: readonly { readonly MetricStat?: { readonly Period: number } }[];
  };
  if (Metrics === undefined) return [Period ?? STANDARD_PERIOD_SECONDS];
  return Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Period]));
}
