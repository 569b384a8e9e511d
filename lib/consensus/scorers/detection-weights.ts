import type { DetectionEvidence, Severities } from '../detection-evidence.ts';
import { LARGEST_KNOCK_WEIGHT } from './activity-limits.ts';
import { boundWeight } from './weight-of-evidence.ts';

/**
 * How many times likelier a rule fires on connections of a malicious address than on those of a harmless one, by its
 * severity. No labelled log holds alerts with their severity, so that these are judgement: rules of severity 1 name
 * trojans and exploits, and also file sharing that a site forbids; those of severity 2 fire on many a scan and many an odd
 * client; those of severity 3 on what is merely unusual. One rule alone never makes an address malicious.
 */
const RATIOS: readonly number[] = [30, 6, 2];
/** Rules fire together on one cause: each further one counts with this power of its ratio. */
const FURTHER_RULE_POWER = 0.25;
/** Share of addresses on which rules are plainly wrong: it bounds what all say to 5.3 nats. */
const RULE_ERROR_RATE = 0.005;

/** Rules as weights of evidence: their likelihood ratios, as far as a rule is ever right. Nats. */
export function weighDetections(severities: Severities): number {
  if (severities.length === 0) return 0;
  let sum = 0;
  for (const severity of severities) sum += weightOf(severity);
  const first = weightOf(severities[0]);
  return boundWeight(first + FURTHER_RULE_POWER * (sum - first), RULE_ERROR_RATE);
}

/**
 * Rules as two features that level off: how grave the gravest is, and how many there are of severity 1 and 2. Both scales
 * are judgement, as above. Nats.
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
 * What detections add beside activity: what anybody can forge is bounded together with knocks, which anybody can forge as
 * well.
 *
 * @param weigh of rules, never smaller of more or graver ones
 * @param activity what activity adds, nats
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
