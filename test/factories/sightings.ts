import type { Sighting } from '../../lib/announcement/sighting.ts';
import { attentionReasons } from '../../lib/store/assessment.ts';
import { dayOf } from '../../lib/store/keys.ts';
import { plainAssessment } from './assessments.ts';

export const SEEN_AT_MS = Date.UTC(2026, 10, 27, 12);
export const HOUR_MS = 3_600_000;

interface Shape extends Partial<Omit<Sighting, 'localHosts' | 'services'>> {
  readonly score?: number;
  /** Of the consensus, where it is another one than the score in use. */
  readonly consensusScore?: number;
  readonly hosts?: readonly string[];
  readonly ports?: readonly number[];
}

/** A local host that calls an address which counts as malicious. */
export function sighting({
  score = 0.8,
  consensusScore = score,
  hosts = ['10.0.0.7'],
  ports = [8443],
  ...changes
}: Shape = {}): Sighting {
  const { address = '203.0.113.9', ingestedAtMs = SEEN_AT_MS, maliciousThreshold = 0.7 } = changes;
  const { direction = 'outbound', usesConsensus = true } = changes;
  const assessment = plainAssessment({
    threat_score: score,
    scored_by: usesConsensus ? 'consensus' : 'legacy',
    consensus_score: consensusScore,
  });
  return {
    address,
    day: dayOf(ingestedAtMs),
    direction,
    ingestedAtMs,
    expiresAt: ingestedAtMs / 1000 + 86_400,
    assessment,
    assessmentId: `${address}/ABCDEFGHIJKLMNOPQRSTUV/${ports[0]}/tcp/${direction}`,
    reasons: attentionReasons(assessment, maliciousThreshold),
    maliciousThreshold,
    isMaliciousByConsensus: consensusScore >= maliciousThreshold,
    usesConsensus,
    connections: 12,
    answered: 11,
    tellsAnswers: true,
    localHosts: new Set(hosts),
    services: new Map(ports.map((port) => [`${port}/tcp`, { port, protocol: 'tcp' }])),
    firstSeenMs: ingestedAtMs - 60_000,
    lastSeenMs: ingestedAtMs - 1_000,
    ...changes,
  };
}

/** An address from outside that nothing answered: anybody can forge it. */
export function knock(changes: Shape = {}): Sighting {
  return sighting({ direction: 'inbound', answered: 0, ...changes });
}
