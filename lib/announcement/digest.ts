import type { Finding } from '../store/finding.ts';
import type { DigestAnnouncement, DigestEntry } from './announcement.ts';
import { HOUR_MS, hourName } from './hour-account.ts';

/** The number that fits an email. */
const MOST_WORST = 20;

/**
 * Sums up everything that was not announced individually in an hour: malicious addresses that only knocked, and
 * announcements that the limit held back.
 *
 * @param findings those that were written in the hour
 * @param heldBack number of announcements
 * @returns undefined if there is nothing to report
 */
export function digestOf(
  hourMs: number,
  findings: readonly Finding[],
  heldBack: number,
  decidedAtMs: number,
): DigestAnnouncement | undefined {
  const knocking = findings.filter(isKnocking);
  if (knocking.length === 0 && heldBack === 0) return undefined;
  const counts: Partial<Record<NonNullable<Finding['pattern']>, number>> = {};
  for (const { pattern = 'none' } of knocking) counts[pattern] = (counts[pattern] ?? 0) + 1;
  return {
    kind: 'digest',
    uid: `digest/${hourName(hourMs)}`,
    decidedAtMs,
    fromMs: hourMs,
    toMs: hourMs + HOUR_MS,
    knocking: counts,
    worst: knocking.toSorted(worstFirst).slice(0, MOST_WORST).map(toEntry),
    heldBack,
  };
}

/** Whether an address is malicious by unanswered connections only, and was not announced individually. */
function isKnocking({ direction, reasons, answered, announced }: Finding): boolean {
  return direction === 'inbound' && reasons.includes('malicious') && answered === 0 && announced.length === 0;
}

function worstFirst(left: Finding, right: Finding): number {
  return (
    right.score - left.score ||
    right.connections - left.connections ||
    (left.address < right.address ? -1 : 1)
  );
}

function toEntry({ address, score, pattern, connections, services }: Finding): DigestEntry {
  return { address, score, ...(pattern !== undefined && { pattern }), connections, services };
}
