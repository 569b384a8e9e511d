import type { DetectionEvidence, Severities } from '../detection-evidence.ts';
import { LARGEST_KNOCK_WEIGHT } from './activity-limits.ts';
import { boundWeight } from './weight-of-evidence.ts';

/**
 * How many times likelier a rule fires on connections of a malicious address than on those of a harmless one, by its
 * severity. No labelled log holds alerts with their severity, so these are judgement. Rules of severity 1 name trojans
 * and exploits, but also file sharing that a site forbids; those of severity 2 fire on many scans and unusual clients;
 * those of severity 3 on merely unusual traffic. One rule alone never makes an address malicious.
 */
const RATIOS: readonly number[] = [30, 6, 2];
/** Rules fire together on one cause: each further one counts with this power of its ratio. */
const FURTHER_RULE_POWER = 0.25;
/** Share of addresses on which rules are plainly wrong: it bounds the weight of all rules to 5.3 in log-odds. */
const RULE_ERROR_RATE = 0.005;

/** Rules as weights of evidence, log-odds: their likelihood ratios, bounded by the share of errors. */
export function weighDetections(severities: Severities): number {
  if (severities.length === 0) return 0;
  let sum = 0;
  for (const severity of severities) sum += weightOf(severity);
  const first = weightOf(severities[0]);
  return boundWeight(first + FURTHER_RULE_POWER * (sum - first), RULE_ERROR_RATE);
}

/**
 * Rules as two features that level off, log-odds: the severity of the worst one, and the number of those with severity
 * 1 and 2. Both scales are judgement, as above.
 */
export function measureDetections(severities: Severities): number {
  if (severities.length === 0) return 0;
  const gravest = MOST_OF_ONE * (1 - Math.exp(-weightOf(severities[0]) / SCALE_OF_ONE));
  const grave = severities.filter((severity) => severity <= 2).length;
  return Math.min(gravest + WEIGHT_OF_A_DOUBLING * Math.log2(Math.max(1, grave)), MOST_OF_ALL);
}

const MOST_OF_ONE = 6.8;
const SCALE_OF_ONE = 5.5;
const WEIGHT_OF_A_DOUBLING = 0.7;
const MOST_OF_ALL = 5;

function weightOf(severity: number | undefined): number {
  return Math.log(RATIOS[(severity ?? 0) - 1] ?? 1);
}

/**
 * The weight that detections add to activity: forgeable detections are bounded together with knocks, which are
 * forgeable too.
 *
 * @param weigh weight of rules; more or worse rules never weigh less
 * @param activity weight of activity, log-odds
 */
export function weighBeside(
  weigh: (severities: Severities) => number,
  { firm, all }: DetectionEvidence,
  activity: number,
): number {
  if (all.length === 0) return 0;
  const room = Math.max(0, LARGEST_KNOCK_WEIGHT - activity);
  return Math.max(weigh(firm), Math.min(weigh(all), room));
}
