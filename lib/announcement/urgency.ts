import type { Pattern } from '../consensus/activity-evidence.ts';
import type { Direction } from '../consensus/scoring-input.ts';
import type { AttentionReason } from '../store/assessment.ts';

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

/** What urgency goes by: of an assessment, or of a finding. */
export interface Urgent {
  readonly address: string;
  readonly direction: Direction;
  /** Threat score, 0-1. */
  readonly score: number;
  /** Why it needs a human; empty if it does not. */
  readonly reasons: readonly AttentionReason[];
  readonly pattern?: Pattern | undefined;
  /** Connections that were answered; undefined if nobody knows. */
  readonly answered?: number | undefined;
  /** Whether anything but its connections speaks about the address. */
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

/** Sources that contradict each other, or a failure, want a human whatever the address did. */
function needsJudgement({ reasons, hasIntelligence }: Urgent): boolean {
  return reasons.includes('failed') || (reasons.includes('uncertain') && hasIntelligence === true);
}

/**
 * Orders what needs a human, the most urgent first: by urgency, then the higher score, then by address, so that the
 * order never depends on the one in which things were read.
 */
export function compareUrgency(left: Urgent, right: Urgent): number {
  return (
    rankOf(left) - rankOf(right) ||
    right.score - left.score ||
    (left.address < right.address ? -1 : Number(left.address > right.address))
  );
}

/** Urgency as a number, the most urgent highest: the place of its kind, then the threat score. */
export function urgencyWeight(urgent: Urgent): number {
  return URGENCIES.length - rankOf(urgent) + urgent.score / 2;
}

function rankOf(urgent: Urgent): number {
  return URGENCIES.indexOf(urgencyOf(urgent));
}
