import { readEvidence } from '../consensus/evidence.ts';
import { readListings } from '../consensus/listing-evidence.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { EvidenceSource } from '../consensus/verdict.ts';

/**
 * What the legacy score leaves out and the consensus uses: what connections show; what the site's intrusion detection reports; lists; AbuseIPDB where VirusTotal has an answer;
 * and how many users reported an address and when, where AbuseIPDB is all that the legacy score knows.
 */
export const FLIP_REASONS = ['activity', 'detections', 'listings', 'abuseipdb', 'reports'] as const;
export type FlipReason = (typeof FLIP_REASONS)[number];

/** Reporters that make reports weigh more than their source's confidence says, and less. */
const MANY_REPORTERS = 10;
const FEW_REPORTERS = 2;
/** Days since the last report; those of which nobody says when they came count as so old, and explain nothing. */
const OLD_REPORT_DAYS = 30;

/**
 * Why the consensus may call malicious what the legacy score does not, or the other way round: evidence that the
 * legacy score ignores and that points to where the consensus went.
 *
 * @param sources that had something to say; activity, detections and lists only ever speak against what the legacy score clears
 * @param isNewlyMalicious malicious by the consensus score alone; else by the legacy score alone
 * @param maliciousThreshold score from which an endpoint counts as malicious
 * @returns every reason; none if nothing that was known explains it
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
