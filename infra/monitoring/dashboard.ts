import { Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  type GraphWidgetProps,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FRESH_WITHIN_MS } from '../../lib/telemetry/freshness.ts';
import {
  ANNOUNCEMENT_METRICS,
  LATENCY_BUCKETS,
  LOG_FILE_METRICS,
  LOOK_UP_METRICS,
  METRICS,
  metricsServiceName,
} from '../../lib/telemetry/metric-names.ts';
import type { Alarms } from './alarms.ts';
import { type CostSources, costGraphs } from './cost-graphs.ts';
import { graph, graphOfAlarms, rowOf, WHOLE_WIDTH } from './graphs.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

export interface DashboardProps extends CostSources {
  readonly environmentName: string;
  readonly alarms: Alarms;
  readonly metrics: ScoringMetrics;
}

/**
 * The dashboard: first whether anything is wrong, then what the service does and how well, then its costs, and last the
 * library's details of queues, function and table.
 */
export function addDashboard(scope: Construct, id: string, props: DashboardProps): Dashboard {
  const { alarms } = props;
  const details = alarms.facade.createdMonitorings().map((monitoring) => monitoring.widgets());
  const own = [
    workGraphs,
    scoreGraphs,
    failureGraphs,
    latencyGraphs,
    cutoverGraphs,
    lookUpGraphs,
    logFileGraphs,
    announcementGraphs,
    costGraphs,
  ];
  return new Dashboard(scope, id, {
    // A dashboard's name must be unique across the regions of an account.
    dashboardName: `${metricsServiceName(props.environmentName)}-${Stack.of(scope).region}`,
    // Each graph has the period of its alarm, so that it shows the values the alarm evaluates.
    periodOverride: PeriodOverride.INHERIT,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all(), width: WHOLE_WIDTH, height: 4 })],
      ...own.map((graphsOf) => rowOf(graphsOf(props))),
      ...details,
    ],
  });
}

function workGraphs({ alarms, metrics, queues }: DashboardProps): GraphWidgetProps[] {
  return [
    graph('Records in and out', {
      left: [
        metrics.sum(METRICS.recordsReceived, 'received'),
        metrics.sum(METRICS.recordsStored, 'stored'),
        metrics.sum(METRICS.recordsDuplicate, 'duplicates'),
        metrics.sum(METRICS.recordsRejected, 'rejected'),
      ],
    }),
    graphOfAlarms('Age of the oldest message, seconds', alarms, ['oldest-message']),
    graph('Messages waiting', {
      left: [
        queues.work.metricApproximateNumberOfMessagesVisible({ label: 'work queue' }),
        queues.work.metricApproximateNumberOfMessagesNotVisible({ label: 'being scored' }),
      ],
      right: [
        queues.rejected.metricApproximateNumberOfMessagesVisible({ label: 'rejected' }),
        queues.deadLetter.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
      ],
      rightYAxis: { min: 0 },
    }),
    graphOfAlarms('Messages that keep failing', alarms, ['messages-keep-failing']),
  ];
}

function scoreGraphs({ alarms, metrics }: DashboardProps): GraphWidgetProps[] {
  return [
    graph('Assessments by threat score', {
      stacked: true,
      left: METRICS.threatScoreBuckets.map((name, tenth) =>
        metrics.sum(name, `${tenth / 10} to ${(tenth + 1) / 10}`),
      ),
    }),
    graphOfAlarms('Average consensus score', alarms, ['average-score-low', 'average-score-high']),
    graphOfAlarms('Uncertainty', alarms, ['uncertainty-rate']),
    graph('Assessments', {
      left: [
        metrics.sum(METRICS.assessments, 'all'),
        metrics.sum(METRICS.assessmentsWithoutEvidence, 'without evidence'),
        metrics.sum(METRICS.malicious, 'malicious'),
      ],
    }),
  ];
}

function failureGraphs({ alarms, metrics }: DashboardProps): GraphWidgetProps[] {
  return [
    graph('Failures by scorer', {
      left: Object.entries(METRICS.scorerFailures).map(([scorer, name]) => metrics.sum(name, scorer)),
    }),
    graphOfAlarms('Failing votes and consensus', alarms, ['scorer-failure-rate', 'consensus-failure-rate']),
    graphOfAlarms('Rejected records', alarms, ['rejected-share']),
    graphOfAlarms('Messages handed back', alarms, ['messages-failed']),
  ];
}

function latencyGraphs({ alarms, metrics }: DashboardProps): GraphWidgetProps[] {
  return [
    graph('Assessments by latency', {
      stacked: true,
      left: LATENCY_BUCKETS.map(({ metric }) => metrics.sum(metric, metric)),
    }),
    graphOfAlarms('Slow assessments', alarms, ['latency-warning', 'latency-critical']),
    graph('From sending to stored, ms', {
      left: [
        metrics.percentile(METRICS.sentToStored, 99, "sent to stored, p99 of each invocation's longest"),
        metrics.percentile(METRICS.sentToStored, 50, 'sent to stored, median'),
        metrics.percentile(METRICS.receivedToStored, 99, 'received to stored, p99'),
      ],
      leftAnnotations: [{ value: FRESH_WITHIN_MS, label: 'promised' }],
    }),
    graphOfAlarms('Stale messages', alarms, ['freshness']),
    graphOfAlarms('Longest execution, ms', alarms, ['function-duration']),
    graphOfAlarms('Calls that the table fails', alarms, [
      'table-read-throttles',
      'table-write-throttles',
      'table-system-errors',
    ]),
  ];
}

function cutoverGraphs({ alarms, metrics }: DashboardProps): GraphWidgetProps[] {
  return [
    graph('Settings in force', {
      left: [metrics.average(METRICS.consensusPercent, 'share of addresses scored by consensus, %')],
      leftYAxis: { min: 0, max: 100 },
      right: [
        metrics.average(METRICS.cutoverMode, 'mode: 0 legacy, 1 parallel, 2 consensus'),
        alarms.get('settings-invalid').alarmDefinition.metric,
      ],
      rightYAxis: { min: 0, max: 2 },
      rightAnnotations: [alarms.get('settings-invalid').annotation],
    }),
    graph('Consensus compared with legacy', {
      left: [
        metrics.sum(METRICS.comparedAssessments, 'compared'),
        metrics.sum(METRICS.divergentAssessments, 'divergent'),
        metrics.sum(METRICS.newlyMalicious, 'newly malicious'),
        metrics.sum(METRICS.noLongerMalicious, 'no longer malicious'),
      ],
    }),
    graph('Short of scorers', {
      left: [
        metrics.sum(METRICS.degraded, 'with two votes only'),
        metrics.sum(METRICS.legacyFailures, 'legacy score failed'),
        metrics.sum(METRICS.defects, 'defects'),
        metrics.sum(METRICS.unreadableItems, 'items not understood'),
      ],
    }),
    graphOfAlarms('Executions that fail', alarms, ['function-errors']),
  ];
}

/** Empty until a log file is put into a bucket. */
function logFileGraphs({ alarms, metrics }: DashboardProps): GraphWidgetProps[] {
  const { read, failed, delayed, entriesSent, entriesSkipped, entriesInvalid, bytesFetched } =
    LOG_FILE_METRICS;
  return [
    graph('Log files', {
      left: [
        metrics.sum(read, 'read'),
        metrics.sum(failed, 'put aside'),
        metrics.sum(delayed, 'to be tried again'),
      ],
      right: [metrics.sum(bytesFetched, 'bytes read')],
      rightYAxis: { min: 0 },
    }),
    graph('Entries of log files', {
      stacked: true,
      left: [
        metrics.sum(entriesSent, 'sent'),
        metrics.sum(entriesSkipped, 'no connections'),
        metrics.sum(entriesInvalid, 'invalid'),
      ],
    }),
    graphOfAlarms('Log files that wait, seconds', alarms, ['log-files-behind']),
    graphOfAlarms('Entries of log files that are not sent', alarms, [
      'log-entries-skipped',
      'log-entries-invalid',
    ]),
  ];
}

/** Empty until a provider has a key, or a list was imported. */
function lookUpGraphs({ alarms, metrics }: DashboardProps): GraphWidgetProps[] {
  const { virustotal, abuseipdb, listed } = LOOK_UP_METRICS;
  const both = (name: 'calls' | 'cacheHits' | 'quotaExhausted', label: string) => [
    metrics.sum(virustotal[name], `VirusTotal ${label}`),
    metrics.sum(abuseipdb[name], `AbuseIPDB ${label}`),
  ];
  return [
    graph('Look-ups', {
      left: [
        ...both('calls', 'calls'),
        ...both('cacheHits', 'answers kept'),
        metrics.sum(listed, 'on lists'),
      ],
    }),
    graph('Addresses not asked about: quota used up', { left: both('quotaExhausted', '') }),
    graphOfAlarms('Providers that refuse the key', alarms, [
      'virustotal-key-refused',
      'abuseipdb-key-refused',
    ]),
    graphOfAlarms('Feeds that fail', alarms, ['feeds-failing']),
    graphOfAlarms('Providers that fail, keys and lists that cannot be refreshed', alarms, [
      'virustotal-failing',
      'abuseipdb-failing',
      'intelligence-outdated',
    ]),
  ];
}

function announcementGraphs({ alarms, metrics }: DashboardProps): GraphWidgetProps[] {
  return [
    graph('Announcements', {
      left: [
        metrics.sum(ANNOUNCEMENT_METRICS.sent, 'sent'),
        metrics.sum(ANNOUNCEMENT_METRICS.failed, 'not put on the bus'),
        metrics.sum(ANNOUNCEMENT_METRICS.heldBack, 'held back by the hourly limit'),
      ],
    }),
    graphOfAlarms('Announcements that wait, seconds', alarms, ['announcements-waiting']),
    ...(alarms.has('announcement-targets-failing')
      ? [graphOfAlarms('Announcements that a target did not take', alarms, ['announcement-targets-failing'])]
      : []),
  ];
}
