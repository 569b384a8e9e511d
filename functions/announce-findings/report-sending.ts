import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SendOutcome } from '../../lib/announcement/send-announcements.ts';
import { ANNOUNCEMENT_METRICS, METRICS } from '../../lib/telemetry/metric-names.ts';

/**
 * Adds the figures of an invocation to its metrics, if there is something to report: it runs each minute, and a metric
 * costs money for each hour in which it has data.
 *
 * @param unreadableItems items of the table that this version of the code does not understand
 */
export function reportSending(metrics: Metrics, outcome: SendOutcome, unreadableItems: number): void {
  const add = (name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number) => {
    if (value > 0) metrics.addMetric(name, unit, value);
  };
  const failed = [...outcome.failed.values()].reduce((sum, each) => sum + each, 0);
  add(ANNOUNCEMENT_METRICS.sent, MetricUnit.Count, outcome.sent);
  add(ANNOUNCEMENT_METRICS.failed, MetricUnit.Count, failed);
  add(ANNOUNCEMENT_METRICS.heldBack, MetricUnit.Count, outcome.heldBack);
  add(ANNOUNCEMENT_METRICS.oldestWaiting, MetricUnit.Seconds, outcome.oldestMs / 1_000);
  add(METRICS.unreadableItems, MetricUnit.Count, outcome.unreadable + unreadableItems);
}
