import type { Finding } from '../store/finding.ts';
import type { Urgent } from './urgency.ts';

/** Says of a finding what its urgency goes by. */
export function urgentFinding(finding: Finding): Urgent {
  const { address, direction, score, pattern, answered, connections, reasons } = finding;
  const { localHosts, services } = finding;
  const activity = { connections, hosts: localHosts.length, services: services.length };
  return {
    address,
    direction,
    assessment: {
      threat_score: score,
      ...(pattern !== undefined && { pattern }),
      input: answered === undefined ? {} : { activity: { ...activity, answered } },
    },
    // It was judged when it was written: what is in force now may be another threshold.
    maliciousThreshold: reasons.includes('malicious') ? 0 : Number.POSITIVE_INFINITY,
  };
}
