import * as z from 'zod';

/** When an environment is ready to use the consensus score. */
export interface ReadinessThresholds {
  /** Fewest hours from the first to the last storage unit with both scores. */
  readonly hours: number;
  /** Fewest assessments with both scores. */
  readonly assessments: number;
  /** Largest share of assessments without a consensus. */
  readonly failureRate: number;
  /** Largest share of assessments on which the scorers disagree. */
  readonly uncertaintyRate: number;
  /** Between which the average consensus score is nothing unusual. */
  readonly averageScore: { readonly minimum: number; readonly maximum: number };
  /** What the 99th percentile of the latency stays below. */
  readonly latencyMs: number;
  /** Largest share of flips that nothing explains. */
  readonly unexplainedFlips: number;
}

/** The thresholds of readiness, alarms and statistics, stated once; an environment's alarms may have their own. */
export const DEFAULT_READINESS: ReadinessThresholds = {
  // Day and night, and the quiet hours at both ends of the last 24 do not count against it.
  hours: 20,
  // A failure rate of 5 % is then known to within 1.4 points either way, 95 times in a hundred.
  assessments: 1_000,
  failureRate: 0.05,
  uncertaintyRate: 0.3,
  // A sixth of the base rate, which unknown addresses score; even those that every source clears score more.
  averageScore: { minimum: 0.01, maximum: 0.8 },
  // The promise to users.
  latencyMs: 100,
  unexplainedFlips: 0.05,
};

/** What an environment's alarms and its readiness have in common: what would set one off is no state to switch in. */
export type SharedThresholds = Pick<ReadinessThresholds, 'failureRate' | 'uncertaintyRate' | 'averageScore'>;

/** Writes them as a deployment states them, for the commands to read. */
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

/** @returns undefined if the text states no thresholds that this version can read */
export function readSharedThresholds(text: string): SharedThresholds | undefined {
  try {
    return sharedSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
