import { directionIn } from '../store/assessment-id.ts';
import { MOST_FINDING_HOSTS, MOST_FINDING_SERVICES } from '../store/finding.ts';
import type { ReadAssessment } from '../store/read-address-items.ts';
import { maliciousThresholdOf } from '../store/settings-stamp.ts';
import { announcedVerdict } from './announced-verdict.ts';
import type { Clearance } from './clear-address.ts';

/** Describes an address cleared by a label, from the assessment that was labelled. */
export function describeCleared(read: ReadAssessment): Clearance['described'] {
  const { id, endpoints, assessment, settings, connections } = read;
  const isInbound = directionIn(endpoints[0] ?? '') === 'inbound';
  const hosts = new Set(connections.map(({ src_ip, dst_ip }) => (isInbound ? dst_ip : src_ip)));
  const services = new Map(
    connections.map(({ dst_port: port, protocol }) => [`${port}/${protocol}`, { port, protocol }]),
  );
  const times = connections.map(({ timestamp }) => Math.round(timestamp * 1000));
  return {
    score: assessment.threat_score,
    maliciousThreshold: maliciousThresholdOf(settings),
    ...announcedVerdict(assessment),
    connections: connections.length,
    answered: assessment.input.activity?.answered ?? 0,
    localHosts: [...hosts].sort().slice(0, MOST_FINDING_HOSTS),
    localHostCount: hosts.size,
    services: [...services.values()].slice(0, MOST_FINDING_SERVICES),
    firstSeenMs: times.reduce((first, each) => Math.min(first, each), read.latestMs),
    lastSeenMs: times.reduce((last, each) => Math.max(last, each), 0),
    assessment: id,
  };
}
