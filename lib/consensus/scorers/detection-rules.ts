import type { DetectionEvidence, Severities } from '../detection-evidence.ts';

/** When so many rules of a severity or a graver one fired, the address is malicious with this weight as probability. */
interface DetectionRule {
  readonly severity: number;
  readonly rules: number;
  readonly weight: number;
}

/** Judgement, so that one rule of severity 1 makes 0.63 and two make 0.8, and of severity 2 one makes 0.27. */
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

/** What can be forged leaves at least this probability of being harmless, which is what knocks leave at least. */
const LEAST_SURVIVAL_OF_FORGEABLE = 0.186;

/**
 * What no detection rules out: the probability that the address is harmless, as far as detections can say beside activity.
 *
 * @param activity what activity does not rule out, 0-1
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
