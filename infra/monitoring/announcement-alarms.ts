import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { ANNOUNCEMENT_METRICS } from '../../lib/telemetry/metric-names.ts';
import { ALARMS, type AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

export interface AnnouncementAlarmsProps {
  /** Invokes the function that sends. */
  readonly queue: Queue;
  /** Queues of failed deliveries, by target name. */
  readonly undelivered: ReadonlyMap<string, Queue>;
  readonly metrics: ScoringMetrics;
}

/** The function runs each minute, so whatever waits longer was tried several times. */
const LONGEST_WAIT_SECONDS = 300;

/** Alarms for announcements that are not sent, and for those that targets do not accept. */
export function addAnnouncementAlarms(
  alarms: Alarms,
  { queue, undelivered, metrics }: AnnouncementAlarmsProps,
): void {
  alarms.add('announcements-waiting', {
    metric: longestWait(queue, metrics),
    threshold: LONGEST_WAIT_SECONDS,
  });
  if (undelivered.size > 0) {
    alarms.add('announcement-targets-failing', {
      metric: mostUndelivered([...undelivered.values()]),
      threshold: 0,
    });
  }
}

/**
 * Either the function reports that something waits, or the message that comes each minute is not consumed: the function
 * crashes, is throttled, or is not invoked.
 */
function longestWait(queue: Queue, metrics: ScoringMetrics): MathExpression {
  const period = periodOf('announcements-waiting');
  return new MathExpression({
    label: 'Announcements wait, seconds',
    expression: 'MAX([FILL(announcement, 0), FILL(wake, 0)])',
    usingMetrics: {
      announcement: metrics.maximum(ANNOUNCEMENT_METRICS.oldestWaiting, 'oldest announcement', period),
      wake: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period }),
    },
    period,
  });
}

function mostUndelivered(queues: readonly Queue[]): MathExpression {
  const period = periodOf('announcement-targets-failing');
  const metrics = queues.map((queue, n) => [
    `target${n}`,
    queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period }),
  ]);
  return new MathExpression({
    label: 'Announcements that a target did not take',
    expression: `MAX([${queues.map((_, n) => `FILL(target${n}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics),
    period,
  });
}

function periodOf(key: AlarmKey): Duration {
  return Duration.minutes(ALARMS[key].pace.periodMinutes);
}
