import { readEvidence } from '../consensus/evidence.ts';
import { readListings } from '../consensus/listing-evidence.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { EvidenceSource } from '../consensus/verdict.ts';

/**
 * Evidence that the consensus uses and the legacy score ignores: activity; intrusion detection alerts; lists; AbuseIPDB
 * if VirusTotal has an answer; and the number of reporters and the date of the last report, if AbuseIPDB is the legacy
 * score's only source.
 */
export const FLIP_REASONS = ['activity', 'detections', 'listings', 'abuseipdb', 'reports'] as const;
export type FlipReason = (typeof FLIP_REASONS)[number];

/** From this many reporters on, reports weigh more than AbuseIPDB's confidence suggests; below it, less. */
const MANY_REPORTERS = 10;
const FEW_REPORTERS = 2;
/** Days since the last report. Undated reports count as this old, and explain nothing. */
const OLD_REPORT_DAYS = 30;

/**
 * Why the consensus may call an endpoint malicious that the legacy score does not, or the other way round: evidence
 * that the legacy score ignores and that points in the direction of the consensus.
 *
 * @param sources that contributed evidence; activity, detections and lists only ever raise the score
 * @param isNewlyMalicious malicious by the consensus score alone; otherwise by the legacy score alone
 * @param maliciousThreshold score from which an endpoint counts as malicious
 * @returns every reason; none if no evidence explains it
 */
export function explainFlip(
  input: Pick<ScoringInput, 'threat_intel' | 'report_age_days'>,
  sources: readonly EvidenceSource[],
  isNewlyMalicious: boolean,
  maliciousThreshold: number,
): FlipReason[] {
  const evidence = readEvidence({ address: '', ...input });
  const { vendors, hasAbuseAnswer, abuseConfidence, isWhitelisted } = evidence;
  const reasons: FlipReason[] = [];
  if (isNewlyMalicious && sources.includes('activity')) reasons.push('activity');
  if (isNewlyMalicious && sources.includes('detections')) reasons.push('detections');
  if (isNewlyMalicious && readListings(input).families.length > 0) reasons.push('listings');
  if (!hasAbuseAnswer) return reasons;
  const confidence = isWhitelisted ? 0 : abuseConfidence;
  if (vendors === 0) {
    if (haveReportsPointed(evidence, isNewlyMalicious)) reasons.push('reports');
  } else if (isNewlyMalicious ? confidence > 0 : confidence < maliciousThreshold) {
    reasons.push('abuseipdb');
  }
  return reasons;
}

function haveReportsPointed(
  { reporters, reportAgeDays }: ReturnType<typeof readEvidence>,
  isNewlyMalicious: boolean,
): boolean {
  if (isNewlyMalicious) return reporters >= MANY_REPORTERS;
  return reporters <= FEW_REPORTERS || reportAgeDays > OLD_REPORT_DAYS;
}
