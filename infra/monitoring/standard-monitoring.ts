import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { TIME_INDEX } from '../../lib/store/table-schema.ts';
import type { WorkQueues } from '../constructs/work-queues.ts';
import type { AlarmThresholds } from '../environment-schema.ts';
import { ALARMS } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';

export interface StandardMonitoringProps {
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly scoringFunction: LambdaFunction;
  readonly thresholds: AlarmThresholds;
}

/** What AWS says of queues, function and table: the library's graphs, and alarms on its metrics. */
export function addStandardMonitoring(
  alarms: Alarms,
  { table: ownTable, queues, scoringFunction, thresholds }: StandardMonitoringProps,
): void {
  const { facade } = alarms;
  // CDK's own types disagree on optional properties where these may not be undefined.
  const table = ownTable as ITable;
  facade.monitorSqsQueueWithDlq({
    queue: queues.work,
    deadLetterQueue: queues.deadLetter,
    humanReadableName: 'Work queue',
    addQueueMaxMessageAgeAlarm: {
      Warning: { ...alarms.like('oldest-message'), maxAgeInSeconds: thresholds.oldestMessageSeconds },
    },
    // Visible ones: those in flight are being looked at.
    addDeadLetterQueueMaxSizeAlarm: {
      Critical: { ...alarms.like('dead-letter-queue'), maxMessageCount: 0 },
    },
  });
  facade.monitorLambdaFunction({
    lambdaFunction: scoringFunction,
    humanReadableName: 'Scoring function',
    isIterator: false,
    // Crashes and time-outs only: messages that failed are handed back by a function that succeeded.
    addFaultCountAlarm: { Critical: { ...alarms.like('function-errors'), maxErrorCount: 0 } },
    addThrottlesCountAlarm: { Warning: { ...alarms.like('function-throttles'), maxErrorCount: 0 } },
    addMaxLatencyAlarm: {
      Warning: { ...alarms.like('function-duration'), maxLatencyPercentageOfTimeout: 80 },
    },
  });
  // DynamoDB has these figures only where they are not 0, and AWS's pages contradict each other on whether an alarm
  // on them may treat missing data as other than unchanged. The library fills in zeros: such an alarm returns to OK
  // by data. Its latest figure may be a filled one, which is why one good period out of three must not end it.
  facade.monitorDynamoTable({
    table,
    humanReadableName: 'Table of assessments',
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
  // Not the library's: it adds up nine operations, most of which the function never calls, and a sum with a missing
  // part is missing.
  alarms.add('table-system-errors', { metric: systemErrors(table), threshold: 0 });
}

/** Internal errors of the one operation that the function calls. */
function systemErrors(table: ITable): MathExpression {
  const period = Duration.minutes(ALARMS['table-system-errors'].pace.periodMinutes);
  return new MathExpression({
    label: 'Internal errors of writes',
    expression: 'FILL(errors, 0)',
    usingMetrics: {
      errors: table.metric('SystemErrors', {
        dimensionsMap: { TableName: table.tableName, Operation: 'BatchWriteItem' },
        statistic: Stats.SUM,
        period,
      }),
    },
    period,
  });
}
