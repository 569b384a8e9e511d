import type { DetectionEvidence, Severities } from '../detection-evidence.ts';

/** If this many rules of a severity or a worse one fired, the address is malicious with this weight as probability. */
interface DetectionRule {
  readonly severity: number;
  readonly rules: number;
  readonly weight: number;
}

/** By judgement: one rule of severity 1 leads to 0.63 and two to 0.8; one rule of severity 2 leads to 0.27. */
const RULES: readonly DetectionRule[] = [
  { severity: 3, rules: 1, weight: 0.05 },
  { severity: 3, rules: 3, weight: 0.03 },
  { severity: 2, rules: 1, weight: 0.18 },
  { severity: 2, rules: 2, weight: 0.15 },
  { severity: 2, rules: 3, weight: 0.1 },
  { severity: 1, rules: 1, weight: 0.5 },
  { severity: 1, rules: 2, weight: 0.35 },
  { severity: 1, rules: 3, weight: 0.25 },
];

/** Forgeable detections leave at least this probability of being harmless, as knocks do. */
const LEAST_SURVIVAL_OF_FORGEABLE = 0.186;

/**
 * The probability that the address is harmless, given its detections and its activity.
 *
 * @param activity the probability that it is harmless, given its activity, 0-1
 */
export function survivalOfDetections({ firm, all }: DetectionEvidence, activity: number): number {
  if (all.length === 0) return 1;
  const room = Math.min(1, LEAST_SURVIVAL_OF_FORGEABLE / activity);
  return Math.min(survivalOf(firm), Math.max(survivalOf(all), room));
}

function survivalOf(severities: Severities): number {
  let survival = 1;
  for (const { severity, rules, weight } of RULES) {
    if ((severities[rules - 1] ?? Number.POSITIVE_INFINITY) <= severity) survival *= 1 - weight;
  }
  return survival;
}
