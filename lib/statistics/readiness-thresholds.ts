import * as z from 'zod';

/** When an environment is ready to use the consensus score. */
export interface ReadinessThresholds {
  /** Minimum hours from the first to the last storage unit with both scores. */
  readonly hours: number;
  /** Minimum number of assessments with both scores. */
  readonly assessments: number;
  /** Maximum share of assessments without a consensus. */
  readonly failureRate: number;
  /** Maximum share of assessments on which the scorers disagree. */
  readonly uncertaintyRate: number;
  /** Normal range of the average consensus score. */
  readonly averageScore: { readonly minimum: number; readonly maximum: number };
  /** Upper limit of the 99th percentile of the latency, exclusive. */
  readonly latencyMs: number;
  /** Maximum share of unexplained flips. */
  readonly unexplainedFlips: number;
}

/** Thresholds of readiness, alarms and statistics, defined once; an environment may override those of its alarms. */
export const DEFAULT_READINESS: ReadinessThresholds = {
  // A day and a night, without penalising quiet hours at both ends of the last 24.
  hours: 20,
  // Enough to know a failure rate of 5 % to within ±1.4 points at 95 % confidence.
  assessments: 1_000,
  failureRate: 0.05,
  uncertaintyRate: 0.3,
  // A sixth of the base rate, which unknown addresses score; even addresses that every source clears score more.
  averageScore: { minimum: 0.01, maximum: 0.8 },
  // Our promise to users.
  latencyMs: 100,
  unexplainedFlips: 0.05,
};

/**
 * Thresholds shared by an environment's alarms and its readiness: no environment should switch in a state that would
 * trigger an alarm.
 */
export type SharedThresholds = Pick<ReadinessThresholds, 'failureRate' | 'uncertaintyRate' | 'averageScore'>;

/** Serialises the thresholds into a stack output, for the commands to read. */
export function writeSharedThresholds({
  failureRate,
  uncertaintyRate,
  averageScore,
}: SharedThresholds): string {
  return JSON.stringify({ failureRate, uncertaintyRate, averageScore });
}

const share = z.number().min(0).max(1);
const sharedSchema = z.object({
  failureRate: share,
  uncertaintyRate: share,
  averageScore: z.object({ minimum: share, maximum: share }),
});

/** @returns undefined if the text holds no thresholds that this version can read */
export function readSharedThresholds(text: string): SharedThresholds | undefined {
  try {
    return sharedSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
