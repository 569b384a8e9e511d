import type { Activity } from '../consensus/activity.ts';
import type { Pattern } from '../consensus/activity-evidence.ts';
import type { Detection } from '../consensus/detection.ts';
import type { GeoData, ThreatIntel } from '../consensus/scoring-input.ts';
import type { EvidenceSource, Verdict } from '../consensus/verdict.ts';
import type { LookUpSource, LookUps } from '../intelligence/look-up.ts';

/** The scorer that the threat score is from; `fallback` means that none had a score and 0.5 is used. */
export type ScoredBy = 'consensus' | 'legacy' | 'fallback';

/**
 * The service's result for one endpoint: the stored form of a verdict. Several endpoints of one address often share an
 * assessment to the last byte (as in a port scan); it is then stored once.
 */
export type Assessment = (Verdict | NoVerdict) & {
  /** The one score that consumers use, 0-1. */
  readonly threat_score: number;
  readonly scored_by: ScoredBy;
  /** Absent if the legacy scorer was not asked, or failed. */
  readonly legacy_score?: number;
  /** One line: why the legacy scorer was asked but has no score. */
  readonly legacy_failure?: string;
  readonly engine_version: string;
  /** The activity pattern of the address; absent if its connections show none. */
  readonly pattern?: Pattern;
  /** Id of the allowlist entry that covered the endpoint when it was scored; absent if none did. */
  readonly allowed?: string;
  /** What the scorers saw, except for the endpoint and the look-up results. */
  readonly input: AssessedInput;
  /** Look-up results for intelligence that the records did not carry, and the reason if there are none. */
  readonly lookups?: LookUps;
};

/** Takes the place of a verdict if the scorers were not asked for one. */
export interface NoVerdict extends Pick<Verdict, 'votes' | 'failures'> {
  readonly method: 'none';
  readonly evidence: readonly EvidenceSource[];
}

/** The part of a scoring input that an address's endpoints can share. */
export interface AssessedInput {
  readonly threat_intel?: ThreatIntel;
  readonly geo_data?: GeoData;
  readonly report_age_days?: number;
  readonly activity?: Activity;
  readonly detections?: readonly Detection[];
}

/** All the intelligence that was scored: from the record and from look-ups. */
export function scoredIntel(
  brought: ThreatIntel | undefined,
  lookups: LookUps | undefined,
): ThreatIntel | undefined {
  if (lookups === undefined) return brought;
  let intel: ThreatIntel | undefined = brought;
  for (const source of Object.keys(lookups) as LookUpSource[]) {
    const found = lookups[source]?.intel;
    if (found !== undefined && brought?.[source] === undefined) intel = { ...intel, [source]: found };
  }
  return intel;
}

/** What the scorers saw, including look-up results. */
export function scoredInput({ input, lookups }: Pick<Assessment, 'input' | 'lookups'>): AssessedInput {
  const threat_intel = scoredIntel(input.threat_intel, lookups);
  return threat_intel === undefined ? input : { ...input, threat_intel };
}

/** Why an assessment needs a human, most severe first. */
export const ATTENTION_REASONS = ['malicious', 'failed', 'uncertain'] as const;
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/**
 * @param maliciousThreshold threat score from which an endpoint counts as malicious
 * @returns every reason, most severe first; none if it needs no human
 */
export function attentionReasons(assessment: Assessment, maliciousThreshold: number): AttentionReason[] {
  const reasons: AttentionReason[] = [];
  if (assessment.threat_score >= maliciousThreshold) reasons.push('malicious');
  if (assessment.method === 'failed' || assessment.scored_by === 'fallback') reasons.push('failed');
  else if (assessment.method === 'median' && assessment.high_uncertainty) reasons.push('uncertain');
  return reasons;
}
