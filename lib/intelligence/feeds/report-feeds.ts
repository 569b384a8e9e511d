import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { FEED_METRICS } from '../../telemetry/metric-names.ts';
import { isFailing } from './feed-state.ts';
import type { FeedReport } from './refresh-feed.ts';

/**
 * Adds the figure of a run. It has a report of each feed, due or not, so each run reports how many of all feeds fail.
 */
export function reportFeeds(metrics: Metrics, reports: readonly FeedReport[], nowMs: number): void {
  const failing = reports.filter(({ state }) => isFailing(state, nowMs));
  metrics.addMetric(FEED_METRICS.failing, MetricUnit.Count, failing.length);
}
