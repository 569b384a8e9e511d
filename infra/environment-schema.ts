import * as z from 'zod';
import { ROLLBACK_CAUSES } from './monitoring/alarm-catalogue.ts';

const share = z.number().gt(0).lt(1);
const days = z.int().min(1).max(3650);

/** Periods for which CloudWatch keeps logs, in days, up to two years. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const alarms = z.strictObject({
  /** Share of the assessments for which the scorers were asked that have no consensus. */
  consensusFailureRate: share,
  /** Share of the same on which the scorers disagree. */
  uncertaintyRate: share,
  /** Average consensus score of a quarter of an hour of traffic: within this band nothing is suspicious. */
  averageScore: z
    .strictObject({ minimum: share, maximum: share })
    .refine(({ minimum, maximum }) => minimum < maximum, 'expected a minimum below the maximum'),
  /** Share of its votes that one scorer fails to give. */
  scorerFailureRate: share,
  /** Share of records that are invalid. */
  rejectedShare: share,
  /** Age of the oldest message in the work queue, seconds. */
  oldestMessageSeconds: z.int().min(60).max(345_600),
});

/** What may differ between deployments. Everything else is the same everywhere. */
export const environmentSchema = z.strictObject({
  /** CIDR blocks of the site's own public addresses, for records that do not say what is local. */
  homeNetworks: z.array(
    z.union([z.cidrv4(), z.cidrv6()], { error: 'expected a CIDR block such as 192.0.2.0/24' }),
  ),
  /** How long assessments are kept, counted from the arrival of their message. */
  assessmentRetentionDays: days,
  logRetentionDays: z.literal(LOG_RETENTION_DAYS, {
    error: `expected one of ${LOG_RETENTION_DAYS.join(', ')}, which CloudWatch has`,
  }),
  /**
   * What becomes of table and queues when a stack is destroyed. `retain` also protects the table from being
   * deleted by hand. The settings parameter stays in either case.
   */
  removalPolicy: z.enum(['retain', 'destroy']),
  /** Executions of the scoring function at a time, at most; SQS asks for at least 2. */
  maximumConcurrency: z.int().min(2).max(1000),
  /** CPU comes with memory: 1,769 MB are one whole virtual CPU, and less makes assessments slow. */
  memoryMegabytes: z.int().min(512).max(10_240),
  /**
   * Whether two executions are reserved for the function that rolls back, so that nothing else in the account can take
   * them. Lambda keeps 100 unreserved, so that this needs a quota of 102; new accounts have 10. Off by default.
   */
  reserveRollbackConcurrency: z.boolean().optional(),
  /** Where alarms are mailed to. Others subscribe to the topic by themselves. */
  alarmEmail: z.email().optional(),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  alarms,
  /** Alarms of which any takes the environment back to the legacy score. */
  rollbackOn: z
    .array(z.enum(ROLLBACK_CAUSES, { error: `expected one of ${ROLLBACK_CAUSES.join(', ')}` }))
    .min(1, { error: `expected at least one of ${ROLLBACK_CAUSES.join(', ')}` })
    .refine((keys) => new Set(keys).size === keys.length, 'expected each alarm once'),
});

export type EnvironmentSettings = z.output<typeof environmentSchema>;
export type AlarmThresholds = EnvironmentSettings['alarms'];
