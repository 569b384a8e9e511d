/** The stacks of a deployment, in the order in which they are created. */
export const STACK_PARTS = ['Storage', 'Scoring', 'Monitoring'] as const;

export type StackPart = (typeof STACK_PARTS)[number];

/** Name of a stack of an environment. */
export function stackName(environment: string, part: StackPart): string {
  return `ThreatConsensus-${environment}-${part}`;
}

/** The stack whose outputs name everything that commands need. */
export const OUTPUTS_PART: StackPart = 'Scoring';

/**
 * Those outputs: deployments provide them, and the command line and the embedded stack read them. The Storage stack
 * names the table too, so that the check of a deployment can compare the two.
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

/** Environment variables that name the same resources to commands one by one, for use without an environment name. */
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

/** The options an environment was deployed with that the check of a deployment compares with the actual resources. */
export interface DeployedWith {
  /** Whether table and queues outlive their stacks. */
  readonly isDataRetained: boolean;
  readonly logRetentionDays: number;
  /** Maximum concurrent executions of the scoring function. */
  readonly maximumConcurrency: number;
  /** Whether concurrency is reserved for the rollback. */
  readonly isRollbackReserved: boolean;
  /** Buckets of log files other than the environment's own. */
  readonly existingLogBuckets: readonly string[];
}

/** The output for home networks if an environment has none. */
export const NO_NETWORKS = 'none';

/** Name of the alarm that triggers the rollback. */
export function rollbackAlarmName(environment: string): string {
  return `threat-consensus-${environment}-rollback`;
}

/** Common prefix of all alarm names of an environment, given the name of the rollback alarm. */
export function alarmPrefix(rollbackAlarm: string): string {
  return rollbackAlarm.replace(/rollback$/, '');
}

export type OutputName = (typeof OUTPUTS)[keyof typeof OUTPUTS];
