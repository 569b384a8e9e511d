import { OUTPUTS, VARIABLES } from '../../../aws/stack-outputs.ts';

/** The parts of a deployment that commands work on, by option name, with the sources of their names. */
export const RESOURCES = {
  table: { flag: '--table <name>', variable: VARIABLES[OUTPUTS.table], output: OUTPUTS.table, what: 'table' },
  queueUrl: {
    flag: '--queue-url <url>',
    variable: VARIABLES[OUTPUTS.workQueue],
    output: OUTPUTS.workQueue,
    what: 'work queue',
  },
  rejectedQueueUrl: {
    flag: '--rejected-queue-url <url>',
    variable: VARIABLES[OUTPUTS.rejectedQueue],
    output: OUTPUTS.rejectedQueue,
    what: 'rejected queue',
  },
  deadLetterQueueUrl: {
    flag: '--dead-letter-queue-url <url>',
    variable: VARIABLES[OUTPUTS.deadLetterQueue],
    output: OUTPUTS.deadLetterQueue,
    what: 'dead-letter queue',
  },
  rollbackFailuresQueueUrl: {
    flag: '--rollback-failures-queue-url <url>',
    variable: VARIABLES[OUTPUTS.rollbackFailuresQueue],
    output: OUTPUTS.rollbackFailuresQueue,
    what: 'queue of events on which the rollback failed',
  },
  ingestQueueUrl: {
    flag: '--ingest-queue-url <url>',
    variable: VARIABLES[OUTPUTS.ingestQueue],
    output: OUTPUTS.ingestQueue,
    what: 'queue of log file notifications',
  },
  ingestDeadLetterQueueUrl: {
    flag: '--ingest-dead-letter-queue-url <url>',
    variable: VARIABLES[OUTPUTS.ingestDeadLetterQueue],
    output: OUTPUTS.ingestDeadLetterQueue,
    what: 'queue of log files that could not be read',
  },
  logBucket: {
    flag: '--bucket <name>',
    variable: VARIABLES[OUTPUTS.logBucket],
    output: OUTPUTS.logBucket,
    what: 'bucket for log files',
  },
  settingsParameter: {
    flag: '--settings-parameter <name>',
    variable: VARIABLES[OUTPUTS.settingsParameter],
    output: OUTPUTS.settingsParameter,
    what: 'settings parameter',
  },
  initialSettingsParameter: {
    flag: '--initial-settings-parameter <name>',
    variable: VARIABLES[OUTPUTS.initialSettingsParameter],
    output: OUTPUTS.initialSettingsParameter,
    what: 'initial settings parameter',
  },
  rollbackAlarm: {
    flag: '--rollback-alarm <name>',
    variable: VARIABLES[OUTPUTS.rollbackAlarm],
    output: OUTPUTS.rollbackAlarm,
    what: 'rollback alarm',
  },
} as const;

export type Resource = keyof typeof RESOURCES;
export type QueueResource = Extract<Resource, `${string}QueueUrl` | 'queueUrl'>;

/** Resources of commands that read or change the settings. */
export const SETTINGS_RESOURCES = ['settingsParameter', 'initialSettingsParameter'] as const;

/** The variable that names the environment, for users with a single deployment. */
export const ENVIRONMENT_VARIABLE = 'THREAT_CONSENSUS_ENV';

/** Options that name the target: its parts, or their environment. */
export type TargetOptions = Readonly<Partial<Record<Resource | 'env', string>>>;
