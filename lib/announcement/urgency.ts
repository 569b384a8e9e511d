import type { Direction } from '../consensus/scoring-input.ts';
import type { Assessment } from '../store/assessment.ts';

/**
 * Who has to act, and how soon: the most urgent first.
 *
 * - `calling`: a host of the site's own calls an address that counts as malicious.
 * - `guessing`: an address from outside tries passwords, and the service answers.
 * - `answered`: an address from outside counts as malicious and was answered.
 * - `other`: nothing of the kind, or nobody knows whether it was answered.
 * - `knocking`: an address from outside that nothing answered: nobody has to act, and anybody can forge it.
 */
export const URGENCIES = ['calling', 'guessing', 'answered', 'other', 'knocking'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** What urgency goes by. */
export interface Urgent {
  readonly address: string;
  readonly direction: Direction;
  readonly assessment: Pick<Assessment, 'threat_score' | 'pattern' | 'input'>;
  /** Threat score from which an address counts as malicious. */
  readonly maliciousThreshold: number;
}

export function urgencyOf({ direction, assessment, maliciousThreshold }: Urgent): Urgency {
  const { threat_score, pattern, input } = assessment;
  const isMalicious = threat_score >= maliciousThreshold;
  if (direction === 'outbound') return isMalicious ? 'calling' : 'other';
  if (direction !== 'inbound') return 'other';
  const answered = input.activity?.answered;
  if (answered === 0) return 'knocking';
  if (!isMalicious) return 'other';
  if (pattern === 'guessing') return 'guessing';
  return answered === undefined ? 'other' : 'answered';
}

/**
 * Orders what needs a human, the most urgent first: by urgency, then the higher score, then by address, so that the
 * order never depends on the one in which things were read.
 */
export function compareUrgency(left: Urgent, right: Urgent): number {
  return (
    rankOf(left) - rankOf(right) ||
    right.assessment.threat_score - left.assessment.threat_score ||
    (left.address < right.address ? -1 : Number(left.address > right.address))
  );
}

/** Urgency as a number, the most urgent highest: the place of its kind, then the threat score. */
export function urgencyWeight(urgent: Urgent): number {
  return URGENCIES.length - rankOf(urgent) + urgent.assessment.threat_score / 2;
}

function rankOf(urgent: Urgent): number {
  return URGENCIES.indexOf(urgencyOf(urgent));
}
