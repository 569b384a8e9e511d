import type { Activity } from '../consensus/activity.ts';
import type { Pattern } from '../consensus/activity-evidence.ts';
import type { Detection } from '../consensus/detection.ts';
import type { GeoData, ThreatIntel } from '../consensus/scoring-input.ts';
import type { EvidenceSource, Verdict } from '../consensus/verdict.ts';
import type { LookUpSource, LookUps } from '../intelligence/look-up.ts';

/** Which scorer the threat score is from; `fallback` means that none had one and 0.5 stands in. */
export type ScoredBy = 'consensus' | 'legacy' | 'fallback';

/**
 * What the service found out about one endpoint: the stored form of a verdict. Several endpoints of one
 * address often share an assessment to the last byte (a port scan does); it is then stored once.
 */
export type Assessment = (Verdict | NoVerdict) & {
  /** The one score that consumers use, 0-1. */
  readonly threat_score: number;
  readonly scored_by: ScoredBy;
  /** Absent if the legacy scorer was not asked, or failed. */
  readonly legacy_score?: number;
  /** One line: why the legacy scorer has no score although it was asked. */
  readonly legacy_failure?: string;
  readonly engine_version: string;
  /** What the address did, in a word; absent if its connections say nothing. */
  readonly pattern?: Pattern;
  /** Id of the entry of the allowlist that covered the endpoint when it was scored; absent if none did. */
  readonly allowed?: string;
  /** What the scorers saw, but for the endpoint and what was looked up. */
  readonly input: AssessedInput;
  /** What was looked up, since the records did not bring it along, and why there is nothing if there is not. */
  readonly lookups?: LookUps;
};

/** Stands in for a verdict where the scorers were not asked for one. */
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

/** All the intelligence that was scored: what a record brings along, and what was looked up beside it. */
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

/** What the scorers saw, with what was looked up. */
export function scoredInput({ input, lookups }: Pick<Assessment, 'input' | 'lookups'>): AssessedInput {
  const threat_intel = scoredIntel(input.threat_intel, lookups);
  return threat_intel === undefined ? input : { ...input, threat_intel };
}

/** Why an assessment needs a human, the gravest first. */
export const ATTENTION_REASONS = ['malicious', 'failed', 'uncertain'] as const;
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/**
 * @param maliciousThreshold threat score from which an endpoint counts as malicious
 * @returns every reason, the gravest first; none if it needs nobody
 */
export function attentionReasons(assessment: Assessment, maliciousThreshold: number): AttentionReason[] {
  const reasons: AttentionReason[] = [];
  if (assessment.threat_score >= maliciousThreshold) reasons.push('malicious');
  if (assessment.method === 'failed' || assessment.scored_by === 'fallback') reasons.push('failed');
  else if (assessment.method === 'median' && assessment.high_uncertainty) reasons.push('uncertain');
  return reasons;
}
