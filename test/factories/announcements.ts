import type { DigestAnnouncement, FindingAnnouncement } from '../../lib/announcement/announcement.ts';

const AT_MS = Date.UTC(2026, 10, 27, 14, 30);

/** An inside host that calls an address at regular intervals. */
export function findingAnnouncement(changes: Partial<FindingAnnouncement> = {}): FindingAnnouncement {
  const { address = '203.0.113.9' } = changes;
  return {
    kind: 'new-malicious',
    uid: `${address}/2026-11-27/outbound/new-malicious/${AT_MS}`,
    finding: `${address}/2026-11-27/outbound`,
    decidedAtMs: AT_MS + 1_000,
    observedAtMs: AT_MS,
    address,
    direction: 'outbound',
    score: 0.82,
    maliciousThreshold: 0.7,
    scoredBy: 'consensus',
    confidence: 0.8,
    isUncertain: false,
    votes: {
      statistical: { score: 0.82, confidence: 0.8, reasoning: 'regular calls every 60 s' },
      rule_based: { score: 0.85, confidence: 0.9, reasoning: 'beacon: brief calls at regular intervals' },
      ml_based: { score: 0.78, confidence: 0.7, reasoning: 'calls like those of known beacons' },
    },
    evidence: ['activity'],
    pattern: 'beacon',
    activity: { connections: 50, hosts: 1, services: 1, answered: 50, knocks: 0, doors: 0 },
    connections: 57,
    answered: 57,
    localHosts: ['10.0.0.7'],
    localHostCount: 1,
    services: [{ port: 8443, protocol: 'tcp' }],
    firstSeenMs: AT_MS - 3_600_000,
    lastSeenMs: AT_MS - 60_000,
    assessment: `${address}/ABCDEFGHIJKLMNOPQRSTUV/8443/tcp/outbound`,
    engineVersion: '1.0.0',
    ...changes,
  };
}

/** An hour in which three addresses knocked. */
export function digest(changes: Partial<DigestAnnouncement> = {}): DigestAnnouncement {
  return {
    kind: 'digest',
    uid: 'digest/2026-11-27T14',
    decidedAtMs: AT_MS + 3_600_000,
    fromMs: AT_MS,
    toMs: AT_MS + 3_600_000,
    knocking: { scan: 2, sweep: 1 },
    worst: [
      {
        address: '198.51.100.7',
        score: 0.81,
        pattern: 'scan',
        connections: 816,
        services: [{ port: 23, protocol: 'tcp' }],
      },
    ],
    heldBack: 0,
    ...changes,
  };
}
