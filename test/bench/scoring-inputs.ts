import type { ScoringInput } from '../../lib/consensus/scoring-input.ts';
import { parseRecord } from '../../lib/records/connection-record.ts';
import { remoteEndpoint, scoringInput } from '../../lib/records/endpoint.ts';
import { createLocality } from '../../lib/records/locality.ts';
import { pick, seededRandom, wholeNumber } from './random.ts';
import { traffic } from './records.ts';

/** Addresses about which nothing is known. */
export function bareInputs(count: number): ScoringInput[] {
  return Array.from({ length: count }, (_, n) => ({ address: `2001:db8::${n.toString(16)}` }));
}

/** Endpoints as a sensor sees them: two sources know something about most addresses. */
export function logInputs(count: number): ScoringInput[] {
  const isLocal = createLocality([]);
  return Array.from(traffic({ records: count, addresses: count }), ({ text }) => {
    const parsed = parseRecord(JSON.parse(text));
    if (!parsed.ok) throw new TypeError(parsed.reason);
    return scoringInput(parsed.record, remoteEndpoint(parsed.record, isLocal));
  });
}

/** Endpoints about which every source says something, no two the same. */
export function fullInputs(count: number, seed = 1): ScoringInput[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, n) => {
    const reports = wholeNumber(0, 1_000, random);
    return {
      address: `2001:db8::${n.toString(16)}`,
      dst_port: wholeNumber(0, 65_535, random),
      protocol: pick(['tcp', 'udp', 'icmp'], random),
      direction: pick(['outbound', 'inbound', 'internal', 'external'] as const, random),
      threat_intel: {
        virustotal: {
          malicious_vendors: wholeNumber(0, 40, random),
          suspicious_vendors: wholeNumber(0, 5, random),
          total_vendors: 94,
        },
        abuseipdb: {
          confidence_score: wholeNumber(0, 100, random),
          total_reports: reports,
          num_distinct_users: Math.ceil(reports * random()),
          is_whitelisted: random() < 0.1,
          usage_type: pick(['Data Center/Web Hosting/Transit', 'Fixed Line ISP'], random),
          is_tor: random() < 0.05,
        },
        blocklist: { lists: wholeNumber(0, 10, random), total_lists: 25 },
      },
      geo_data: { country_code: pick(['DE', 'NL', 'US', 'BR', 'VN'], random) },
      report_age_days: wholeNumber(0, 90, random),
    };
  });
}
