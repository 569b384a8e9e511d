import type { Pattern } from '../consensus/activity-evidence.ts';
import type { Direction } from '../consensus/scoring-input.ts';
import type { AttentionReason } from '../store/assessment.ts';

/**
 * Who has to act, and how soon, most urgent first:
 *
 * - `calling`: one of the site's own hosts calls an address that counts as malicious.
 * - `guessing`: an address from outside tries passwords, and the service answers.
 * - `answered`: an address from outside counts as malicious and was answered.
 * - `other`: none of these, or it is not known whether it was answered.
 * - `knocking`: an address from outside that nothing answered: no one has to act, and anybody can forge it.
 */
export const URGENCIES = ['calling', 'guessing', 'answered', 'other', 'knocking'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** The basis of urgency: from an assessment or a finding. */
export interface Urgent {
  readonly address: string;
  readonly direction: Direction;
  /** Threat score, 0-1. */
  readonly score: number;
  /** Why it needs a human; empty if it does not. */
  readonly reasons: readonly AttentionReason[];
  readonly pattern?: Pattern | undefined;
  /** Connections that were answered; undefined if unknown. */
  readonly answered?: number | undefined;
  /** Whether there is evidence about the address other than its connections. */
  readonly hasIntelligence?: boolean;
}

export function urgencyOf(urgent: Urgent): Urgency {
  const { direction, reasons, pattern, answered } = urgent;
  const isMalicious = reasons.includes('malicious');
  if (direction === 'outbound') return isMalicious ? 'calling' : 'other';
  if (direction !== 'inbound') return 'other';
  if (answered === 0) return needsJudgement(urgent) ? 'other' : 'knocking';
  if (!isMalicious) return 'other';
  if (pattern === 'guessing') return 'guessing';
  return answered === undefined ? 'other' : 'answered';
}

/** Contradictory sources, or a failure, need a human whatever the address did. */
function needsJudgement({ reasons, hasIntelligence }: Urgent): boolean {
  return reasons.includes('failed') || (reasons.includes('uncertain') && hasIntelligence === true);
}

/**
 * Orders what needs a human, most urgent first: by urgency, then by score, then by address, so that the order does not
 * depend on the order of reading.
 */
export function compareUrgency(left: Urgent, right: Urgent): number {
  return (
    rankOf(left) - rankOf(right) ||
    right.score - left.score ||
    (left.address < right.address ? -1 : Number(left.address > right.address))
  );
}

/** Urgency as a number, highest for the most urgent: the rank of its kind, then the threat score. */
export function urgencyWeight(urgent: Urgent): number {
  return URGENCIES.length - rankOf(urgent) + urgent.score / 2;
}

function rankOf(urgent: Urgent): number {
  return URGENCIES.indexOf(urgencyOf(urgent));
}
