import { DEFAULT_READINESS } from '../lib/statistics/readiness-thresholds.ts';
import type { EnvironmentInput } from './environment-schema.ts';

/**
 * When alarms go off. An environment may have its own: `{ ...ALARMS, uncertaintyRate: 0.2 }`.
 * The reasons for the figures stand in docs/alarms.md.
 */
const ALARMS = {
  consensusFailureRate: DEFAULT_READINESS.failureRate,
  uncertaintyRate: DEFAULT_READINESS.uncertaintyRate,
  averageScore: DEFAULT_READINESS.averageScore,
  scorerFailureRate: 0.05,
  rejectedShare: 0.01,
  rejectedRecordsPerHour: 10,
  messagesFailedShare: 0.1,
  functionErrorShare: 0.25,
  oldestMessageSeconds: 900,
  oldestLogFileSeconds: 3_600,
  skippedShare: 0.98,
  invalidShare: 0.01,
} satisfies EnvironmentInput['alarms'];

/**
 * What takes a deployment back to the legacy score: signs that the consensus itself fails, or takes the function with
 * it. Scores that look odd are for humans to judge.
 */
const ROLLBACK_ON = [
  'consensus-failure-rate',
  'scorer-failure-rate',
  'function-errors',
] satisfies EnvironmentInput['rollbackOn'];

/**
 * The deployments, by the name that `-c env=` gives. The one place to change what differs between them. Before their
 * first deployment, `staging` and `prod` need your `account`, `region`, `alarmTargets`, `runbookUrl` and `homeNetworks`.
 */
export const ENVIRONMENTS: Readonly<Record<string, EnvironmentInput>> = {
  dev: {
    homeNetworks: [],
    assessmentRetentionDays: 14,
    logRetentionDays: 7,
    removalPolicy: 'destroy',
    maximumConcurrency: 2,
    memoryMegabytes: 1769,
    logLevel: 'INFO',
    alarms: ALARMS,
    rollbackOn: ROLLBACK_ON,
  },
  staging: {
    homeNetworks: [],
    assessmentRetentionDays: 30,
    logRetentionDays: 30,
    removalPolicy: 'retain',
    maximumConcurrency: 5,
    memoryMegabytes: 1769,
    logLevel: 'INFO',
    alarms: ALARMS,
    rollbackOn: ROLLBACK_ON,
  },
  prod: {
    homeNetworks: [],
    assessmentRetentionDays: 90,
    logRetentionDays: 90,
    removalPolicy: 'retain',
    // More only throttles a table until it has grown: `threat-consensus scale` says what a rate asks for.
    maximumConcurrency: 10,
    memoryMegabytes: 1769,
    logLevel: 'INFO',
    alarms: ALARMS,
    rollbackOn: ROLLBACK_ON,
  },
};
