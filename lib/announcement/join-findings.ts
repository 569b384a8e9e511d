import { ATTENTION_REASONS } from '../store/assessment.ts';
import type { Finding, FindingService } from '../store/finding.ts';

/** The merged content of two findings about an address in one direction. */
type JoinedFields = Pick<
  Finding,
  | 'score'
  | 'assessment'
  | 'pattern'
  | 'answered'
  | 'hasIntelligence'
  | 'reasons'
  | 'firstSeenMs'
  | 'lastSeenMs'
  | 'connections'
  | 'localHosts'
  | 'services'
>;

/**
 * Joins two findings: the higher score with its assessment, and the union of everything else. With equal scores, the
 * first is kept.
 */
export function joinFindings(first: JoinedFields, second: JoinedFields): JoinedFields {
  // The fields that belong to the score come with it.
  const { score, assessment, pattern } = second.score > first.score ? second : first;
  const answered = Math.max(first.answered ?? -1, second.answered ?? -1);
  return {
    score,
    assessment,
    ...(pattern !== undefined && { pattern }),
    ...(answered >= 0 && { answered }),
    hasIntelligence: first.hasIntelligence || second.hasIntelligence,
    reasons: ATTENTION_REASONS.filter(
      (each) => first.reasons.includes(each) || second.reasons.includes(each),
    ),
    firstSeenMs: Math.min(first.firstSeenMs, second.firstSeenMs),
    lastSeenMs: Math.max(first.lastSeenMs, second.lastSeenMs),
    connections: Math.max(first.connections, second.connections),
    localHosts: [...new Set([...first.localHosts, ...second.localHosts])],
    services: distinctServices([...first.services, ...second.services]),
  };
}

/** Each service once, in order of first occurrence. */
export function distinctServices(services: readonly FindingService[]): FindingService[] {
  return [...new Map(services.map((each) => [`${each.port}/${each.protocol}`, each])).values()];
}
