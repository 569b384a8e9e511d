import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { DEFAULT_READINESS } from '../../lib/statistics/readiness-thresholds.ts';
import { FRESH_WITHIN_MS } from '../../lib/telemetry/freshness.ts';
import { LATENCY_BUCKETS, METRICS } from '../../lib/telemetry/metric-names.ts';
import type { AlarmThresholds } from '../alarm-thresholds.ts';
import { ALARMS, type AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';
import type { RatioProps, ScoringMetrics } from './scoring-metrics.ts';

/** With fewer assessments, a single one would be more than 5 %. */
const FEW = 20;
/** With fewer, a single one would be more than 1 %. */
const HUNDRED = 100;
/** The promise is about the 99th percentile: it exceeds a bound if more than this share does. */
const SLOWEST_SHARE = 0.01;

/**
 * Alarms for the metrics that the function emits. Rates and averages are evaluated only with a minimum volume: one odd
 * record in a quiet night is not an incident. Those of the consensus are about assessments for which the scorers were
 * asked: in mode `legacy` there are none, and in a shadow they show how the consensus would do.
 */
export function addScoringAlarms(alarms: Alarms, metrics: ScoringMetrics, thresholds: AlarmThresholds): void {
  const addRatio = (key: AlarmKey, threshold: number, ratio: Omit<RatioProps, 'periodMinutes'>) =>
    alarms.add(key, {
      metric: metrics.ratio({ ...ratio, periodMinutes: ALARMS[key].pace.periodMinutes }),
      threshold,
    });

  addRatio('consensus-failure-rate', thresholds.consensusFailureRate, {
    label: 'Assessments without consensus',
    parts: [METRICS.consensusFailures],
    whole: METRICS.consensusAssessments,
    minimumVolume: FEW,
  });
  // The worst of the scorers: one alarm for all, since the response is the same and each metric in an alarm costs
  // money.
  addRatio('scorer-failure-rate', thresholds.scorerFailureRate, {
    label: 'Votes that the worst scorer fails to give',
    parts: Object.values(METRICS.scorerFailures),
    combine: 'largest',
    whole: METRICS.consensusAssessments,
    minimumVolume: FEW,
  });
  addRatio('uncertainty-rate', thresholds.uncertaintyRate, {
    label: 'Uncertain assessments',
    parts: [METRICS.highUncertainty],
    whole: METRICS.consensusAssessments,
    minimumVolume: FEW,
  });
  addRatio('rejected-share', thresholds.rejectedShare, {
    label: 'Rejected records',
    parts: [METRICS.recordsRejected],
    whole: METRICS.recordsReceived,
    minimumVolume: HUNDRED,
  });
  addFewRejectedAlarm();
  addLatencyAlarm('latency-warning', DEFAULT_READINESS.latencyMs);
  addLatencyAlarm('latency-critical', 500);
  addRatio('freshness', SLOWEST_SHARE, {
    label: `Messages stored later than ${FRESH_WITHIN_MS / 1000} s after sending`,
    parts: [METRICS.messagesStale],
    whole: METRICS.messagesTimed,
    minimumVolume: HUNDRED,
  });
  addAverageScoreAlarms();
  addRatio('messages-failed', thresholds.messagesFailedShare, {
    label: 'Messages handed back',
    parts: [METRICS.messagesFailed],
    whole: METRICS.messagesReceived,
    minimumVolume: FEW,
  });
  alarms.add('messages-keep-failing', {
    metric: metrics.sum(METRICS.messagesKeepFailing, 'Messages that keep failing'),
    threshold: 0,
  });
  alarms.add('defects', { metric: metrics.sum(METRICS.defects, 'Defects'), threshold: 0 });
  // Each invocation reports 0 or 1, so the average is the share that could not read the settings: a single failed read
  // among many is repeated half a minute later, and does not count.
  alarms.add('settings-invalid', {
    metric: metrics.average(METRICS.settingsInvalid, 'Invocations on old settings'),
    threshold: 0.5,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  });

  /**
   * Applies if the share is not evaluated at all for an hour: this many records would make it evaluated in each of its
   * periods.
   */
  function addFewRejectedAlarm(): void {
    const { periodMinutes } = ALARMS['rejected-records'].pace;
    const judgedAsShare = (HUNDRED * periodMinutes) / ALARMS['rejected-share'].pace.periodMinutes;
    alarms.add('rejected-records', {
      metric: metrics.countOfFew({
        label: 'Rejected records, where few come',
        part: METRICS.recordsRejected,
        whole: METRICS.recordsReceived,
        below: judgedAsShare,
        periodMinutes,
      }),
      threshold: thresholds.rejectedRecordsPerHour,
    });
  }

  function addLatencyAlarm(key: AlarmKey, boundMilliseconds: number): void {
    const beyond = LATENCY_BUCKETS.filter(({ maxMilliseconds }) => maxMilliseconds > boundMilliseconds);
    addRatio(key, SLOWEST_SHARE, {
      label: `Assessments over ${boundMilliseconds} ms`,
      parts: beyond.map(({ metric }) => metric),
      whole: METRICS.assessments,
      minimumVolume: HUNDRED,
    });
  }

  function addAverageScoreAlarms(): void {
    const { minimum, maximum } = thresholds.averageScore;
    const average = metrics.ratio({
      label: 'Average consensus score',
      parts: [METRICS.consensusScoreSum],
      whole: METRICS.consensusAssessments,
      minimumVolume: HUNDRED,
      otherwise: minimum,
      periodMinutes: ALARMS['average-score-low'].pace.periodMinutes,
    });
    alarms.add('average-score-low', {
      metric: average,
      threshold: minimum,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    });
    alarms.add('average-score-high', { metric: average, threshold: maximum });
  }
}
