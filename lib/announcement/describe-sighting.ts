import { announcedVerdict } from './announced-verdict.ts';
import type { FindingAnnouncement } from './announcement.ts';
import type { KindDecided } from './decide.ts';
import type { Sighting } from './sighting.ts';
import { namedHosts, namedServices } from './update-finding.ts';

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
    ...announcedVerdict(assessment),
    connections,
    answered,
    localHosts: namedHosts(sighting),
    localHostCount: localHosts.size,
    services: namedServices(sighting),
    firstSeenMs,
    lastSeenMs,
    assessment: assessmentId,
  };
}
