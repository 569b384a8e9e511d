import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { FEED_METRICS } from '../../telemetry/metric-names.ts';
import { isFailing } from './feed-state.ts';
import type { FeedReport } from './refresh-feed.ts';

/**
 * Adds the figures of a run. It has a report of each feed, due or not, so that each run says of all of them how many fail.
 */
export function reportFeeds(metrics: Metrics, reports: readonly FeedReport[], nowMs: number): void {
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  const having = (outcome: FeedReport['outcome']) =>
    reports.filter((report) => report.outcome === outcome).length;
  count(FEED_METRICS.refreshed, having('refreshed') + having('unchanged'));
  count(FEED_METRICS.failed, having('failed'));
  count(FEED_METRICS.failing, reports.filter(({ state }) => isFailing(state, nowMs)).length);
}
