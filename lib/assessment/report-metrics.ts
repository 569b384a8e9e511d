import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { SCORER_NAMES } from '../consensus/vote.ts';
import { effectivePercent } from '../cutover/canary.ts';
import { MODES } from '../cutover/settings.ts';
import type { SettingsInForce } from '../cutover/settings-reader.ts';
import { countFlips } from '../statistics/flips.ts';
import { stampText } from '../store/settings-stamp.ts';
import { LATENCY_BUCKETS, METRICS } from '../telemetry/metric-names.ts';
import type { BatchOutcome } from './assess-batch.ts';
import { stampOf } from './settled-options.ts';

/** Problems that an invocation met and continued without. */
export interface Troubles {
  readonly defects: number;
  readonly unreadableItems: number;
  /** Records of the event that are not SQS messages. */
  readonly malformed: number;
  /** Whether the function that sends announcements could not be invoked. */
  readonly isSenderAsleep: boolean;
}

/**
 * Adds an invocation's figures to its metrics. Counts that alarms divide by or watch are present even when 0, since a
 * missing figure would leave an alarm without data; buckets of the histogram only if they are not empty.
 *
 * @param messages how many messages the invocation was about
 */
export function reportMetrics(
  metrics: Metrics,
  { statistics, failures, latencies, freshness, announcements }: BatchOutcome,
  inForce: SettingsInForce,
  messages: number,
  { defects, unreadableItems, malformed, isSenderAsleep }: Troubles,
): void {
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  count(METRICS.recordsReceived, statistics.records);
  count(METRICS.recordsStored, statistics.stored);
  count(METRICS.recordsDuplicate, statistics.duplicates);
  count(METRICS.recordsRejected, statistics.rejected);
  const skipped = Object.values(statistics.skipped).reduce((sum, amount) => sum + amount, 0);
  if (skipped > 0) count(METRICS.entriesSkipped, skipped);
  if (announcements > 0) count(METRICS.announcementsDecided, announcements);
  if (isSenderAsleep) count(METRICS.wakesFailed, 1);
  count(METRICS.messagesReceived, messages + malformed);
  count(METRICS.messagesFailed, failures.size + malformed);
  // Messages that keep failing were reported at the start.
  count(METRICS.messagesKeepFailing, 0);
  reportFreshness(metrics, freshness);
  count(METRICS.defects, defects);
  count(METRICS.unreadableItems, unreadableItems);
  count(METRICS.assessments, statistics.assessments);
  count(METRICS.consensusAssessments, statistics.consensus_assessments);
  count(METRICS.assessmentsWithoutEvidence, statistics.without_evidence);
  count(METRICS.consensusFailures, statistics.consensus_failures);
  count(METRICS.legacyFailures, statistics.legacy_failures);
  const { compared, agreements, flips } = statistics.comparison;
  count(METRICS.comparedAssessments, compared);
  count(METRICS.divergentAssessments, compared - agreements);
  const { newlyMalicious, noLongerMalicious } = countFlips(flips);
  count(METRICS.newlyMalicious, newlyMalicious);
  count(METRICS.noLongerMalicious, noLongerMalicious);
  count(METRICS.highUncertainty, statistics.high_uncertainty);
  count(METRICS.degraded, statistics.degraded);
  count(METRICS.malicious, statistics.malicious);
  metrics.addMetric(METRICS.threatScoreSum, MetricUnit.NoUnit, statistics.score_sum);
  metrics.addMetric(METRICS.consensusScoreSum, MetricUnit.NoUnit, statistics.consensus_score_sum);
  for (const name of SCORER_NAMES) {
    count(METRICS.scorerFailures[name], statistics.scorers[name]?.failures ?? 0);
  }
  for (const [bucket, name] of METRICS.threatScoreBuckets.entries()) {
    const scores = statistics.score_histogram[bucket] ?? 0;
    if (scores > 0) count(name, scores);
  }
  for (const [name, assessments] of latencyBuckets(latencies)) count(name, assessments);
  reportSettings(metrics, inForce);
}

function reportFreshness(
  metrics: Metrics,
  { timed, stale, sentToStoredMs, receivedToStoredMs }: BatchOutcome['freshness'],
): void {
  metrics.addMetric(METRICS.messagesTimed, MetricUnit.Count, timed);
  metrics.addMetric(METRICS.messagesStale, MetricUnit.Count, stale);
  const values = [
    [METRICS.sentToStored, sentToStoredMs],
    [METRICS.receivedToStored, receivedToStoredMs],
  ] as const;
  for (const [name, value] of values) {
    if (value !== undefined) metrics.addMetric(name, MetricUnit.Milliseconds, value);
  }
}

function reportSettings(metrics: Metrics, inForce: SettingsInForce): void {
  const { settings, origin, unknownKeys, problem } = inForce;
  metrics.addMetric(METRICS.settingsInvalid, MetricUnit.Count, problem === undefined ? 0 : 1);
  metrics.addMetric(METRICS.settingsUnknownKeys, MetricUnit.Count, unknownKeys.length);
  const version = origin.source === 'operator' ? origin.version : 0;
  metrics.addMetric(METRICS.settingsVersion, MetricUnit.NoUnit, version);
  // Distinguishes settings with the same version number before and after a reset.
  metrics.addMetadata('settings', stampText(stampOf(inForce)));
  metrics.addMetric(METRICS.cutoverMode, MetricUnit.NoUnit, MODES.indexOf(settings.mode));
  metrics.addMetric(METRICS.consensusPercent, MetricUnit.Percent, effectivePercent(settings));
}

function latencyBuckets(latencies: BatchOutcome['latencies']): Map<string, number> {
  const buckets = new Map<string, number>(LATENCY_BUCKETS.map(({ metric }) => [metric, 0]));
  for (const { milliseconds, assessments } of latencies) {
    const bucket = LATENCY_BUCKETS.find(({ maxMilliseconds }) => milliseconds <= maxMilliseconds);
    if (bucket === undefined) continue;
    buckets.set(bucket.metric, (buckets.get(bucket.metric) ?? 0) + assessments);
  }
  return buckets;
}
