/** The stacks of a deployment, by the part that they hold, in the order in which they are made. */
export const STACK_PARTS = ['Storage', 'Scoring', 'Monitoring'] as const;

export type StackPart = (typeof STACK_PARTS)[number];

/** Name of a stack of an environment. */
export function stackName(environment: string, part: StackPart): string {
  return `ThreatConsensus-${environment}-${part}`;
}

/** The stack whose outputs name all that commands work on. */
export const OUTPUTS_PART: StackPart = 'Scoring';

/**
 * Those outputs: what is deployed gives them, and the command line and the embedded stack go by them. The Storage stack
 * names the table too, for the check of a deployment to compare.
 */
export const OUTPUTS = {
  table: 'TableName',
  workQueue: 'WorkQueueUrl',
  rejectedQueue: 'RejectedQueueUrl',
  deadLetterQueue: 'DeadLetterQueueUrl',
  rollbackFailuresQueue: 'RollbackFailuresQueueUrl',
  announcementsQueue: 'AnnouncementsQueueUrl',
  eventBus: 'EventBusName',
  settingsParameter: 'SettingsParameter',
  initialSettingsParameter: 'InitialSettingsParameter',
  rollbackAlarm: 'RollbackAlarm',
  homeNetworks: 'HomeNetworks',
  readinessThresholds: 'ReadinessThresholds',
  scoringFunction: 'ScoringFunction',
  eventSource: 'EventSource',
  scoringLogGroup: 'ScoringLogGroup',
  operatorPolicy: 'OperatorPolicyArn',
  logBucket: 'LogBucketName',
  ingestQueue: 'IngestQueueUrl',
  ingestDeadLetterQueue: 'IngestDeadLetterQueueUrl',
  logReader: 'LogReaderFunction',
  deployedWith: 'DeployedWith',
} as const;

/** Outputs of the Monitoring stack, which only the check of a deployment needs. */
export const MONITORING_OUTPUTS = {
  alarmTopic: 'AlarmTopicArn',
  rollbackFunction: 'RollbackFunction',
  rollbackRule: 'RollbackRule',
  rollbackLogGroup: 'RollbackLogGroup',
} as const;

/** The variables of a shell that name the same to commands, one by one, where no environment does. */
export const VARIABLES = {
  [OUTPUTS.table]: 'TABLE_NAME',
  [OUTPUTS.workQueue]: 'WORK_QUEUE_URL',
  [OUTPUTS.rejectedQueue]: 'REJECTED_QUEUE_URL',
  [OUTPUTS.deadLetterQueue]: 'DEAD_LETTER_QUEUE_URL',
  [OUTPUTS.rollbackFailuresQueue]: 'ROLLBACK_FAILURES_QUEUE_URL',
  [OUTPUTS.ingestQueue]: 'INGEST_QUEUE_URL',
  [OUTPUTS.ingestDeadLetterQueue]: 'INGEST_DEAD_LETTER_QUEUE_URL',
  [OUTPUTS.logBucket]: 'LOG_BUCKET',
  [OUTPUTS.settingsParameter]: 'SETTINGS_PARAMETER',
  [OUTPUTS.initialSettingsParameter]: 'INITIAL_SETTINGS_PARAMETER',
  [OUTPUTS.rollbackAlarm]: 'ROLLBACK_ALARM',
  [OUTPUTS.scoringFunction]: 'SCORING_FUNCTION',
  [OUTPUTS.eventSource]: 'EVENT_SOURCE',
  [OUTPUTS.scoringLogGroup]: 'SCORING_LOG_GROUP',
  [MONITORING_OUTPUTS.alarmTopic]: 'ALARM_TOPIC_ARN',
  [MONITORING_OUTPUTS.rollbackFunction]: 'ROLLBACK_FUNCTION',
  [MONITORING_OUTPUTS.rollbackRule]: 'ROLLBACK_RULE',
  [MONITORING_OUTPUTS.rollbackLogGroup]: 'ROLLBACK_LOG_GROUP',
} as const;

/** What an environment was deployed with, as far as the check of a deployment compares it with what is there. */
export interface DeployedWith {
  /** Whether table and queues outlive their stacks. */
  readonly isDataRetained: boolean;
  readonly logRetentionDays: number;
  /** Executions of the scoring function at a time, at most. */
  readonly maximumConcurrency: number;
  /** Whether executions are reserved for the rollback. */
  readonly isRollbackReserved: boolean;
  /** Buckets of log files beside the environment's own. */
  readonly existingLogBuckets: readonly string[];
}

/** What the output of home networks says where an environment has none. */
export const NO_NETWORKS = 'none';

/** Name of the alarm that takes an environment back to the legacy score. */
export function rollbackAlarmName(environment: string): string {
  return `threat-consensus-${environment}-rollback`;
}

/** How the names of all alarms of an environment begin, given that of the one that takes it back. */
export function alarmPrefix(rollbackAlarm: string): string {
  return rollbackAlarm.replace(/rollback$/, '');
}

export type OutputName = (typeof OUTPUTS)[keyof typeof OUTPUTS];
