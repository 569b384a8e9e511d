import {
  type Finding,
  type FindingService,
  MOST_FINDING_HOSTS,
  MOST_FINDING_SERVICES,
} from '../store/finding.ts';
import { joinFindings } from './join-findings.ts';
import type { Sighting } from './sighting.ts';
import { isWorse } from './worse.ts';

/**
 * Updates a finding with sightings. It has news if it is new, if its score is worse by 0.1, for a new reason, if it is
 * answered for the first time, and for another local host that calls the address: the responder has to know each of
 * them.
 *
 * @param known the finding as known so far; undefined if there is none
 * @param sightings of one address, day and direction
 * @returns the finding to be written; undefined if there is no news
 */
export function updateFinding(
  known: Finding | undefined,
  sightings: readonly Sighting[],
): Finding | undefined {
  const concerning = sightings.filter(({ reasons }) => reasons.length > 0);
  if (known !== undefined && !concerning.some((sighting) => hasNews(known, sighting))) return undefined;
  // If it is written at all, it includes everything known.
  let finding = known;
  for (const sighting of concerning) {
    const seen = findingOf(sighting);
    finding = finding === undefined ? seen : mergeFindings(finding, seen);
  }
  return finding;
}

function hasNews(known: Finding, sighting: Sighting): boolean {
  const { assessment, reasons, direction, answered, localHosts } = sighting;
  if (isWorse(assessment.threat_score, known.score)) return true;
  if (reasons.some((reason) => !known.reasons.includes(reason))) return true;
  if (answered > 0 && !known.answered) return true;
  if (direction !== 'outbound' || known.localHosts.length >= MOST_FINDING_HOSTS) return false;
  return !localHosts.isSubsetOf(new Set(known.localHosts));
}

function mergeFindings(known: Finding, seen: Finding): Finding {
  const { pattern: _, ...rest } = seen;
  const joined = joinFindings(known, seen);
  return {
    ...rest,
    ...joined,
    localHosts: joined.localHosts.slice(0, MOST_FINDING_HOSTS),
    services: joined.services.slice(0, MOST_FINDING_SERVICES),
    ingestedAtMs: Math.max(known.ingestedAtMs, seen.ingestedAtMs),
    expiresAt: Math.max(known.expiresAt, seen.expiresAt),
    announced: known.announced,
    revision: known.revision,
  };
}

function findingOf(sighting: Sighting): Finding {
  const { address, day, direction, ingestedAtMs, expiresAt, assessment, assessmentId } = sighting;
  const { reasons, connections, answered, tellsAnswers, firstSeenMs, lastSeenMs } = sighting;
  const { pattern, threat_score, evidence } = assessment;
  return {
    address,
    day,
    direction,
    ingestedAtMs,
    expiresAt,
    score: threat_score,
    reasons,
    ...(pattern !== undefined && { pattern }),
    hasIntelligence: evidence.some((source) => source !== 'activity'),
    assessment: assessmentId,
    firstSeenMs,
    lastSeenMs,
    connections,
    ...(tellsAnswers && { answered }),
    localHosts: namedHosts(sighting),
    services: namedServices(sighting),
    announced: [],
    revision: 0,
  };
}

/** Local hosts to be named in findings and announcements, sorted, so that the choice is always the same. */
export function namedHosts({ localHosts }: Sighting): string[] {
  return [...localHosts].sort().slice(0, MOST_FINDING_HOSTS);
}

/** Services to be named in them, sorted by port. */
export function namedServices({ services }: Sighting): FindingService[] {
  const byPort = (a: FindingService, b: FindingService) =>
    a.port - b.port || (a.protocol < b.protocol ? -1 : 1);
  return [...services.values()].sort(byPort).slice(0, MOST_FINDING_SERVICES);
}
