import {
  type DeployedWith,
  MONITORING_OUTPUTS,
  NO_NETWORKS,
  OUTPUTS,
  rollbackAlarmName,
} from '../lib/aws/stack-outputs.ts';
import { writeSharedThresholds } from '../lib/statistics/readiness-thresholds.ts';
import type { Environment } from './environment.ts';
import type { Monitoring } from './parts/monitoring.ts';
import type { Scoring } from './parts/scoring.ts';
import type { Storage } from './parts/storage.ts';

/** An output of a deployment: the name that commands know, the value, and a description. */
export type Output = readonly [name: string, value: string, description: string];

export function storageOutputs({ table }: Storage): Output[] {
  return [[OUTPUTS.table, table.tableName, 'Holds the assessments']];
}

export function scoringOutputs(
  environment: Environment,
  { table }: Storage,
  { queues, settings, scoring, logFiles, announcements, policies }: Scoring,
): Output[] {
  const { names } = settings;
  const { handler, eventSource, logGroup } = scoring;
  const { notifications, deadLetter } = logFiles.ingest;
  return [
    [OUTPUTS.table, table.tableName, 'Holds the assessments'],
    [OUTPUTS.workQueue, queues.work.queueUrl, 'Where producers send connection records'],
    [OUTPUTS.rejectedQueue, queues.rejected.queueUrl, 'Invalid records and why'],
    [OUTPUTS.deadLetterQueue, queues.deadLetter.queueUrl, 'Messages that kept failing'],
    [
      OUTPUTS.rollbackFailuresQueue,
      queues.rollbackFailures.queueUrl,
      'Events on which the rollback function failed',
    ],
    [
      OUTPUTS.announcementsQueue,
      queues.announcements.queueUrl,
      'Triggers the function that sends announcements',
    ],
    [OUTPUTS.eventBus, announcements.bus.eventBusName, 'Where announcements are put'],
    [OUTPUTS.settingsParameter, names.settings, 'The settings in force, once any have been set'],
    [OUTPUTS.initialSettingsParameter, names.initial, 'The settings in force until then'],
    // The alarm belongs to another part; it is listed here because commands read these outputs.
    [OUTPUTS.rollbackAlarm, rollbackAlarmName(environment.name), 'Rolls the settings back automatically'],
    [
      OUTPUTS.homeNetworks,
      // CloudFormation does not accept empty values.
      environment.homeNetworks.join(',') || NO_NETWORKS,
      "The site's own networks, whose addresses are ignored in lists",
    ],
    [
      OUTPUTS.readinessThresholds,
      readinessThresholds(environment),
      'The thresholds that `threat-consensus compare` uses',
    ],
    [OUTPUTS.scoringFunction, handler.functionName, 'Scores'],
    [OUTPUTS.eventSource, eventSource.eventSourceMappingId, 'Reads the work queue'],
    [OUTPUTS.scoringLogGroup, logGroup.logGroupName, 'What the function logs'],
    [OUTPUTS.deployedWith, deployedWith(environment), 'The values that `threat-consensus doctor` expects'],
    [OUTPUTS.logBucket, logFiles.bucket.bucketName, 'Where log files are put to be read'],
    [OUTPUTS.ingestQueue, notifications.queueUrl, 'Notifications of new log files'],
    [OUTPUTS.ingestDeadLetterQueue, deadLetter.queueUrl, 'Log files that cannot be read'],
    [OUTPUTS.logReader, logFiles.reader.handler.functionName, 'Reads log files'],
    ['ProducerPolicyArn', policies.producer.managedPolicyArn, 'For producers of records'],
    ['AnalystPolicyArn', policies.analyst.managedPolicyArn, 'For analysts who read and label assessments'],
    [
      OUTPUTS.operatorPolicy,
      policies.operator.managedPolicyArn,
      'For operators who change settings and redrive queues',
    ],
    ['EraserPolicyArn', policies.eraser.managedPolicyArn, 'For those who erase what is stored of an address'],
  ];
}

export function monitoringOutputs({ topic, rollback: { rollback, onAlarm } }: Monitoring): Output[] {
  return [
    [MONITORING_OUTPUTS.alarmTopic, topic.topic.topicArn, 'Receives alarms; subscribe the people to notify'],
    [MONITORING_OUTPUTS.rollbackFunction, rollback.handler.functionName, 'Rolls the settings back to legacy'],
    [
      MONITORING_OUTPUTS.rollbackRule,
      onAlarm.ruleName,
      'Runs that function when the rollback alarm goes off',
    ],
    [MONITORING_OUTPUTS.rollbackLogGroup, rollback.logGroup.logGroupName, 'What that function logs'],
  ];
}

/** The consensus score must not be put into use in a state that would trigger an alarm. */
function readinessThresholds({ alarms }: Environment): string {
  const { consensusFailureRate, uncertaintyRate, averageScore } = alarms;
  return writeSharedThresholds({ failureRate: consensusFailureRate, uncertaintyRate, averageScore });
}

function deployedWith(environment: Environment): string {
  const { removalPolicy, logRetentionDays, maximumConcurrency, reserveRollbackConcurrency, logFiles } =
    environment;
  return JSON.stringify({
    isDataRetained: removalPolicy === 'retain',
    logRetentionDays,
    maximumConcurrency,
    isRollbackReserved: reserveRollbackConcurrency === true,
    existingLogBuckets: [...new Set(logFiles.existing.map(({ bucket }) => bucket))],
  } satisfies DeployedWith);
}
