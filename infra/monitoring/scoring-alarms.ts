import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { LATENCY_BUCKETS, METRICS } from '../../lib/telemetry/metric-names.ts';
import type { AlarmThresholds } from '../environment-schema.ts';
import { ALARMS, type AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';
import type { RatioProps, ScoringMetrics } from './scoring-metrics.ts';

/** Of fewer assessments, a single one would be more than 5 %. */
const FEW = 20;
/** Of fewer, a single one would be more than 1 %. */
const HUNDRED = 100;
/** The promise is about the 99th percentile: it is beyond a bound when more than this share is. */
const SLOWEST_SHARE = 0.01;

/**
 * Alarms on what the function says of its own work. All of them are ratios or averages, judged only where there is
 * enough to judge: one odd record in a quiet night is no incident.
 */
export function addScoringAlarms(alarms: Alarms, metrics: ScoringMetrics, thresholds: AlarmThresholds): void {
  const addRatio = (key: AlarmKey, threshold: number, ratio: Omit<RatioProps, 'periodMinutes'>) =>
    alarms.add(key, {
      metric: metrics.ratio({ ...ratio, periodMinutes: ALARMS[key].pace.periodMinutes }),
      threshold,
    });

  addRatio('consensus-failure-rate', thresholds.consensusFailureRate, {
    label: 'Assessments without consensus',
    metrics: { failed: METRICS.consensusFailures },
    part: 'failed',
    whole: METRICS.assessments,
    minimumVolume: FEW,
  });
  // The worst of the scorers: one alarm for all, since what to do is the same and each metric in one costs.
  addRatio('scorer-failure-rate', thresholds.scorerFailureRate, {
    label: 'Votes that the worst scorer fails to give',
    metrics: METRICS.scorerFailures,
    part: `MAX([${Object.keys(METRICS.scorerFailures).join(', ')}])`,
    whole: METRICS.assessments,
    minimumVolume: FEW,
  });
  addRatio('uncertainty-rate', thresholds.uncertaintyRate, {
    label: 'Uncertain assessments',
    metrics: { uncertain: METRICS.highUncertainty },
    part: 'uncertain',
    whole: METRICS.assessments,
    minimumVolume: FEW,
  });
  addRatio('rejected-share', thresholds.rejectedShare, {
    label: 'Rejected records',
    metrics: { rejected: METRICS.recordsRejected },
    part: 'rejected',
    whole: METRICS.recordsReceived,
    minimumVolume: HUNDRED,
  });
  addLatencyAlarm('latency-warning', 100);
  addLatencyAlarm('latency-critical', 500);
  addAverageScoreAlarms();
  alarms.add('messages-failed', {
    metric: metrics.sum(METRICS.messagesFailed, 'Messages handed back'),
    threshold: 0,
  });

  function addLatencyAlarm(key: AlarmKey, boundMilliseconds: number): void {
    const beyond = LATENCY_BUCKETS.filter(({ maxMilliseconds }) => maxMilliseconds > boundMilliseconds);
    const slow = beyond.map(({ metric }, n) => [`slow${n}`, metric] as const);
    addRatio(key, SLOWEST_SHARE, {
      label: `Assessments over ${boundMilliseconds} ms`,
      metrics: Object.fromEntries(slow),
      part: `(${slow.map(([id]) => id).join(' + ')})`,
      whole: METRICS.assessments,
      minimumVolume: HUNDRED,
    });
  }

  function addAverageScoreAlarms(): void {
    const { minimum, maximum } = thresholds.averageScore;
    const average = metrics.ratio({
      label: 'Average score',
      metrics: { scores: METRICS.threatScoreSum },
      part: 'scores',
      whole: METRICS.assessments,
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
