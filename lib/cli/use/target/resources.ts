import { OUTPUTS } from '../../../aws/stack-outputs.ts';

/** The parts of a deployment that commands work on, by option name, with where their names come from. */
export const RESOURCES = {
  table: { flag: '--table <name>', variable: 'TABLE_NAME', output: OUTPUTS.table, what: 'table' },
  queueUrl: {
    flag: '--queue-url <url>',
    variable: 'WORK_QUEUE_URL',
    output: OUTPUTS.workQueue,
    what: 'work queue',
  },
  rejectedQueueUrl: {
    flag: '--rejected-queue-url <url>',
    variable: 'REJECTED_QUEUE_URL',
    output: OUTPUTS.rejectedQueue,
    what: 'rejected queue',
  },
  deadLetterQueueUrl: {
    flag: '--dead-letter-queue-url <url>',
    variable: 'DEAD_LETTER_QUEUE_URL',
    output: OUTPUTS.deadLetterQueue,
    what: 'dead-letter queue',
  },
  rollbackFailuresQueueUrl: {
    flag: '--rollback-failures-queue-url <url>',
    variable: 'ROLLBACK_FAILURES_QUEUE_URL',
    output: OUTPUTS.rollbackFailuresQueue,
    what: 'queue of events on which the rollback failed',
  },
  ingestQueueUrl: {
    flag: '--ingest-queue-url <url>',
    variable: 'INGEST_QUEUE_URL',
    output: OUTPUTS.ingestQueue,
    what: 'queue of log file notifications',
  },
  ingestDeadLetterQueueUrl: {
    flag: '--ingest-dead-letter-queue-url <url>',
    variable: 'INGEST_DEAD_LETTER_QUEUE_URL',
    output: OUTPUTS.ingestDeadLetterQueue,
    what: 'queue of log files that could not be read',
  },
  logBucket: {
    flag: '--bucket <name>',
    variable: 'LOG_BUCKET',
    output: OUTPUTS.logBucket,
    what: 'bucket for log files',
  },
  settingsParameter: {
    flag: '--settings-parameter <name>',
    variable: 'SETTINGS_PARAMETER',
    output: OUTPUTS.settingsParameter,
    what: 'settings parameter',
  },
  initialSettingsParameter: {
    flag: '--initial-settings-parameter <name>',
    variable: 'INITIAL_SETTINGS_PARAMETER',
    output: OUTPUTS.initialSettingsParameter,
    what: 'initial settings parameter',
  },
  rollbackAlarm: {
    flag: '--rollback-alarm <name>',
    variable: 'ROLLBACK_ALARM',
    output: OUTPUTS.rollbackAlarm,
    what: 'rollback alarm',
  },
} as const;

export type Resource = keyof typeof RESOURCES;
export type QueueResource = Extract<Resource, `${string}QueueUrl` | 'queueUrl'>;

/** What commands that read or change the settings work on. */
export const SETTINGS_RESOURCES = ['settingsParameter', 'initialSettingsParameter'] as const;

/** The variable that names the environment, for those who work with one deployment only. */
export const ENVIRONMENT_VARIABLE = 'THREAT_CONSENSUS_ENV';

/** What a call says about its target: the names of parts, or the environment that has them. */
export type TargetOptions = Readonly<Partial<Record<Resource | 'env', string>>>;
