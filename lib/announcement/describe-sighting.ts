import type { Assessment } from '../store/assessment.ts';
import type { FindingAnnouncement } from './announcement.ts';
import type { KindDecided } from './decide.ts';
import type { Sighting } from './sighting.ts';
import { namedHosts, namedServices } from './update-finding.ts';

/** The scorers' own reasons are far shorter; a message has room for a few thousand characters. */
const MOST_REASONING_CHARACTERS = 400;

/**
 * Describes a sighting for an announcement.
 *
 * @param decidedAtMs epoch milliseconds
 */
export function describeSighting(
  sighting: Sighting,
  { kind, decision, previousScore }: KindDecided,
  decidedAtMs: number,
): FindingAnnouncement {
  const { address, direction, assessment, assessmentId, maliciousThreshold } = sighting;
  const { connections, answered, localHosts, firstSeenMs, lastSeenMs } = sighting;
  const { scored_by, evidence, pattern, engine_version, input } = assessment;
  const consensus = assessment.method === 'median' ? assessment : undefined;
  return {
    kind,
    uid: `${decision.finding}/${kind}/${decision.atMs}`,
    finding: decision.finding,
    decidedAtMs,
    observedAtMs: decision.atMs,
    address,
    direction,
    score: decision.score,
    ...(previousScore !== undefined && { previousScore }),
    maliciousThreshold,
    scoredBy: scored_by,
    ...(consensus !== undefined && { confidence: consensus.confidence }),
    isUncertain: consensus?.high_uncertainty === true,
    votes: announcedVotes(assessment),
    evidence,
    ...(pattern !== undefined && { pattern }),
    ...(input.activity !== undefined && { activity: input.activity }),
    connections,
    answered,
    localHosts: namedHosts(sighting),
    localHostCount: localHosts.size,
    services: namedServices(sighting),
    firstSeenMs,
    lastSeenMs,
    assessment: assessmentId,
    engineVersion: engine_version,
  };
}

/** Votes in the form used in announcements. */
export function announcedVotes({ votes: cast }: Pick<Assessment, 'votes'>): FindingAnnouncement['votes'] {
  const votes = Object.entries(cast).map(([name, { score, confidence, reasoning }]) => [
    name,
    { score, confidence, reasoning: reasoning.slice(0, MOST_REASONING_CHARACTERS) },
  ]);
  return Object.fromEntries(votes);
}
