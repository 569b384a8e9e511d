import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LOG_FILE_METRICS } from '../../lib/telemetry/metric-names.ts';
import type { AlarmThresholds } from '../alarm-thresholds.ts';
import type { LogFiles } from '../constructs/log-files.ts';
import { ALARMS, type AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

/** With fewer entries, a single odd line could exceed the share. */
const HUNDRED = 100;

/** Alarms for log files that can't be read, come late, or contain something other than connections. */
export function addLogFileAlarms(
  alarms: Alarms,
  metrics: ScoringMetrics,
  { ingest, reader }: LogFiles,
  thresholds: AlarmThresholds,
): void {
  const periodOf = (key: AlarmKey) => Duration.minutes(ALARMS[key].pace.periodMinutes);
  alarms.add('log-files-failed', {
    metric: ingest.deadLetter.metricApproximateNumberOfMessagesVisible({
      label: 'Log files put aside',
      statistic: Stats.MAXIMUM,
      period: periodOf('log-files-failed'),
    }),
    threshold: 0,
  });
  alarms.add('log-files-behind', {
    metric: ingest.notifications.metricApproximateAgeOfOldestMessage({
      label: 'Age of the oldest notification, seconds',
      statistic: Stats.MAXIMUM,
      period: periodOf('log-files-behind'),
    }),
    threshold: thresholds.oldestLogFileSeconds,
  });
  alarms.add('log-reader-crashes', {
    metric: reader.handler.metricErrors({
      label: 'Readings that crash',
      statistic: Stats.SUM,
      period: periodOf('log-reader-crashes'),
    }),
    threshold: 0,
  });
  const addShare = (key: AlarmKey, label: string, part: string, threshold: number) =>
    alarms.add(key, {
      metric: metrics.ratio({
        label,
        parts: [part],
        whole: LOG_FILE_METRICS.entriesRead,
        minimumVolume: HUNDRED,
        periodMinutes: ALARMS[key].pace.periodMinutes,
      }),
      threshold,
    });
  const { entriesSkipped, entriesInvalid } = LOG_FILE_METRICS;
  addShare('log-entries-skipped', 'Entries that are no connections', entriesSkipped, thresholds.skippedShare);
  addShare('log-entries-invalid', 'Invalid entries of log files', entriesInvalid, thresholds.invalidShare);
}
