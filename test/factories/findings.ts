import type { Finding } from '../../lib/store/finding.ts';
import { SEEN_AT_MS } from './sightings.ts';

/** A local host calls an address that counts as malicious. */
export function finding(changes: Partial<Finding> = {}): Finding {
  const { address = '203.0.113.9', direction = 'outbound' } = changes;
  return {
    address,
    day: '2026-11-27',
    direction,
    ingestedAtMs: SEEN_AT_MS,
    expiresAt: SEEN_AT_MS / 1000 + 86_400,
    score: 0.8,
    reasons: ['malicious'],
    hasIntelligence: true,
    assessment: `${address}/ABCDEFGHIJKLMNOPQRSTUV/8443/tcp/${direction}`,
    firstSeenMs: SEEN_AT_MS - 60_000,
    lastSeenMs: SEEN_AT_MS - 1_000,
    connections: 12,
    answered: 11,
    localHosts: ['10.0.0.7'],
    services: [{ port: 8443, protocol: 'tcp' }],
    announced: [],
    revision: 1,
    ...changes,
  };
}
