import * as z from 'zod';
import { DEFAULT_READINESS } from '../lib/statistics/readiness-thresholds.ts';

const share = z.number().gt(0).lt(1);

/**
 * Thresholds of alarms; `AlarmSettings` gives the meaning of each, and docs/alarms.md the reason for its value. Omitted
 * thresholds have their defaults, except `nothingReceivedHours`: without it, its alarm does not exist.
 */
export const alarmThresholds = z.strictObject({
  consensusFailureRate: share.default(DEFAULT_READINESS.failureRate),
  uncertaintyRate: share.default(DEFAULT_READINESS.uncertaintyRate),
  averageScore: z
    .strictObject({ minimum: share, maximum: share })
    .refine(({ minimum, maximum }) => minimum < maximum, 'expected a minimum below the maximum')
    .default({ ...DEFAULT_READINESS.averageScore }),
  scorerFailureRate: share.default(0.05),
  rejectedShare: share.default(0.01),
  rejectedRecordsPerHour: z.int().min(1).max(1_200).default(10),
  messagesFailedShare: share.default(0.1),
  functionErrorShare: share.default(0.25),
  nothingReceivedHours: z.int().min(1).max(24).optional(),
  oldestMessageSeconds: z.int().min(60).max(345_600).default(900),
  oldestLogFileSeconds: z.int().min(60).max(345_600).default(3_600),
  skippedShare: share.default(0.98),
  invalidShare: share.default(0.01),
});

export type AlarmThresholds = z.output<typeof alarmThresholds>;
