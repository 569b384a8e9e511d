import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { TIME_INDEX } from '../../lib/store/table-schema.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import type { AlarmThresholds } from '../alarm-thresholds.ts';
import { TABLE_OPERATIONS } from '../constructs/scoring-function.ts';
import type { WorkQueues } from '../constructs/work-queues.ts';
import { ALARMS, type AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

export interface StandardMonitoringProps {
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly scoringFunction: LambdaFunction;
  readonly thresholds: AlarmThresholds;
  /** The metrics that the function emits itself. */
  readonly metrics: ScoringMetrics;
}

/** AWS's metrics of queues, function and table: the library's graphs and alarms. */
export function addStandardMonitoring(
  alarms: Alarms,
  { table: ownTable, queues, scoringFunction, thresholds, metrics }: StandardMonitoringProps,
): void {
  const { facade } = alarms;
  // CDK's own types disagree on optional properties under `exactOptionalPropertyTypes`.
  const table = ownTable as ITable;
  facade.monitorSqsQueueWithDlq({
    queue: queues.work,
    deadLetterQueue: queues.deadLetter,
    humanReadableName: 'Work queue',
    addQueueMaxMessageAgeAlarm: {
      Warning: { ...alarms.like('oldest-message'), maxAgeInSeconds: thresholds.oldestMessageSeconds },
    },
    // Visible ones: someone is already looking at those in flight.
    addDeadLetterQueueMaxSizeAlarm: {
      Critical: { ...alarms.like('dead-letter-queue'), maxMessageCount: 0 },
    },
  });
  facade.monitorLambdaFunction({
    lambdaFunction: scoringFunction,
    humanReadableName: 'Scoring function',
    isIterator: false,
    // Crashes and timeouts only: failed messages are returned by a successful execution.
    addFaultCountAlarm: { Warning: { ...alarms.like('function-crashes'), maxErrorCount: 0 } },
    addThrottlesCountAlarm: { Warning: { ...alarms.like('function-throttles'), maxErrorCount: 0 } },
    addMaxLatencyAlarm: {
      Warning: { ...alarms.like('function-duration'), maxLatencyPercentageOfTimeout: 80 },
    },
  });
  // DynamoDB reports these metrics only when they are not 0, and AWS's pages contradict each other on whether an alarm
  // on them may treat missing data as anything other than unchanged. The library fills in zeros, so such an alarm
  // returns to OK by data. Its latest value may be a filled one, so one good period out of three must not end it.
  facade.monitorDynamoTable({
    table,
    humanReadableName: 'Table of assessments',
    // The table's own metric counts every operation, including batches that are throttled only in part.
    addReadThrottledEventsCountAlarm: {
      Warning: { ...alarms.like('table-read-throttles'), maxThrottledEventsThreshold: 0 },
    },
    addWriteThrottledEventsCountAlarm: {
      Warning: { ...alarms.like('table-write-throttles'), maxThrottledEventsThreshold: 0 },
    },
  });
  facade.monitorDynamoTableGlobalSecondaryIndex({
    table,
    globalSecondaryIndexName: TIME_INDEX.name,
    humanReadableName: 'Index by time',
    addWriteThrottledEventsCountAlarm: {
      Warning: { ...alarms.like('index-write-throttles'), maxThrottledEventsThreshold: 0 },
    },
  });
  // Not the library's alarm: it adds up nine operations, some of which the function never calls, and a sum with a
  // missing part is missing.
  alarms.add('table-system-errors', { metric: systemErrors(table), threshold: 0 });
  // Not the library's alarm: its rate has no minimum volume.
  alarms.add('function-errors', {
    metric: errorShare(scoringFunction),
    threshold: thresholds.functionErrorShare,
  });
  alarms.add('metrics-missing', { metric: unreportedInvocations(scoringFunction, metrics), threshold: 0 });
  if (thresholds.nothingReceivedHours !== undefined) {
    addNothingReceivedAlarm(alarms, queues.work, thresholds.nothingReceivedHours);
  }
}

/** With fewer executions, those crashed by a single message could exceed the share that means an outage. */
const FEW_EXECUTIONS = 20;

/** Share of failed executions, with a minimum volume. Lambda reports both metrics, or none. */
function errorShare(scoringFunction: LambdaFunction): MathExpression {
  const period = periodOf('function-errors');
  return new MathExpression({
    label: 'Executions that fail',
    expression: `IF(invocations >= ${FEW_EXECUTIONS}, errors / invocations, 0)`,
    usingMetrics: {
      invocations: scoringFunction.metricInvocations({ statistic: Stats.SUM, period }),
      errors: scoringFunction.metricErrors({ statistic: Stats.SUM, period }),
    },
    period,
  });
}

/**
 * Completed executions in a period without any of our metrics; else 0. AWS does not document whether FILL applies to a
 * metric without any data; in a list, a metric without data is left out, and the other entry is 0.
 */
function unreportedInvocations(scoringFunction: LambdaFunction, metrics: ScoringMetrics): MathExpression {
  const period = periodOf('metrics-missing');
  return new MathExpression({
    label: 'Executions without metrics',
    expression: 'IF(MAX([FILL(reported, 0), invocations * 0]) == 0, invocations - errors, 0)',
    usingMetrics: {
      invocations: scoringFunction.metricInvocations({ statistic: Stats.SUM, period }),
      errors: scoringFunction.metricErrors({ statistic: Stats.SUM, period }),
      reported: metrics.sum(METRICS.messagesReceived, 'Messages reported', period),
    },
    period,
  });
}

/**
 * SQS's metric rather than ours: it counts what producers send, whatever happens to it, and does not depend on the
 * function. If even SQS has no data, since the queue is no longer polled, nothing arrives either.
 */
function addNothingReceivedAlarm(alarms: Alarms, work: Queue, hours: number): void {
  alarms.add('nothing-received', {
    metric: work.metricNumberOfMessagesSent({
      label: 'Messages sent',
      statistic: Stats.SUM,
      period: periodOf('nothing-received'),
    }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    missingData: TreatMissingData.BREACHING,
    pace: { ...ALARMS['nothing-received'].pace, datapointsToAlarm: hours, evaluationPeriods: hours },
  });
}

/**
 * Internal errors of the operations that the function calls: the maximum, since operations without errors have no data.
 */
function systemErrors(table: ITable): MathExpression {
  const period = periodOf('table-system-errors');
  const operations = Object.keys(TABLE_OPERATIONS).map((operation) => ({
    id: `errorsOf${operation}`,
    metric: table.metric('SystemErrors', {
      dimensionsMap: { TableName: table.tableName, Operation: operation },
      statistic: Stats.SUM,
      period,
    }),
  }));
  return new MathExpression({
    label: 'Internal errors of the table',
    expression: `MAX([${operations.map(({ id }) => `FILL(${id}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(operations.map(({ id, metric }) => [id, metric])),
    period,
  });
}

function periodOf(key: AlarmKey): Duration {
  return Duration.minutes(ALARMS[key].pace.periodMinutes);
}
