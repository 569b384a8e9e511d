import fc from 'fast-check';
import type { Detection } from '../../../lib/consensus/detection.ts';
import { LIST_KINDS, type Listing } from '../../../lib/consensus/listing.ts';
import type {
  AbuseIpdbIntel,
  BlocklistIntel,
  ScoringInput,
  VirusTotalIntel,
} from '../../../lib/consensus/scoring-input.ts';

export const ADDRESS = '203.0.113.7';
/** An address without evidence. */
export const BARE: ScoringInput = { address: ADDRESS };

export function withIntel(
  threat_intel: NonNullable<ScoringInput['threat_intel']>,
  rest: Partial<ScoringInput> = {},
): ScoringInput {
  return { address: ADDRESS, threat_intel, ...rest };
}

export function vendors(malicious: number, total = 94, suspicious = 0): VirusTotalIntel {
  return { malicious_vendors: malicious, suspicious_vendors: suspicious, total_vendors: total };
}

export function reports(
  confidence: number,
  total: number,
  users: number,
  rest: Partial<AbuseIpdbIntel> = {},
): AbuseIpdbIntel {
  return { confidence_score: confidence, total_reports: total, num_distinct_users: users, ...rest };
}

/** Small counts, where thresholds are, and occasionally huge ones. */
const counts = fc.oneof(
  { weight: 4, arbitrary: fc.nat(40) },
  { weight: 1, arbitrary: fc.nat(1_000_000_000) },
);

export const virusTotalIntel: fc.Arbitrary<VirusTotalIntel> = fc
  .tuple(fc.oneof(fc.nat(100), counts), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean())
  .map(([total, share, mostlySuspicious]) => {
    const flags = Math.floor(share * total);
    const malicious = mostlySuspicious ? Math.floor(flags / 3) : flags;
    return vendors(malicious, total, flags - malicious);
  });

export const abuseIpdbIntel: fc.Arbitrary<AbuseIpdbIntel> = fc.record(
  {
    confidence_score: fc.nat(100),
    total_reports: counts,
    num_distinct_users: counts,
    is_whitelisted: fc.boolean(),
    is_tor: fc.boolean(),
    usage_type: fc.constantFrom('Data Center/Web Hosting/Transit', 'Fixed Line ISP', 'Search Engine Spider'),
  },
  { requiredKeys: ['confidence_score', 'total_reports'] },
);

export const blocklistIntel: fc.Arbitrary<BlocklistIntel> = fc
  .tuple(fc.nat(60), fc.nat(60))
  .map(([lists, more]) => ({ lists, total_lists: lists + more }));

/** Few names and families, so that lists are copies of one another. */
export const listing: fc.Arbitrary<Listing> = fc
  .record(
    {
      source: fc.constantFrom(
        'Spamhaus DROP',
        'DShield',
        'Feodo Tracker',
        'own list',
        'A list whose name is as long as names go',
      ),
      kind: fc.constantFrom(...LIST_KINDS),
      family: fc.constantFrom('spamhaus', 'sensors', 'abuseipdb'),
      weight: fc.double({ min: 1, max: 1_000, noNaN: true }),
      unlisted_days: fc.constantFrom(7, 14),
    },
    { requiredKeys: ['source', 'kind', 'weight'] },
  )
  .map((one) => (one.kind === 'known-good' || one.kind === 'infrastructure' ? { ...one, weight: 1 } : one));

export const listings = fc.array(listing, { maxLength: 6 });

/** Few rules, as at a single site. */
export const detection: fc.Arbitrary<Detection> = fc
  .record({ rule: fc.nat(11), severity: fc.integer({ min: 1, max: 5 }), isForgeable: fc.boolean() })
  .map(({ rule, severity, isForgeable }) => ({
    signature: `rule ${rule}`,
    signature_id: rule,
    severity,
    ...(isForgeable && { forgeable: true as const }),
  }));

export const detections = fc.uniqueArray(detection, {
  maxLength: 16,
  selector: ({ signature_id }) => signature_id,
});

export const reportAges = fc.oneof(fc.nat(100), fc.nat(10_000));

export const scoringInputs: fc.Arbitrary<ScoringInput> = fc.record(
  {
    address: fc.oneof(fc.ipV4(), fc.ipV6()),
    dst_port: fc.nat(65_535),
    protocol: fc.constantFrom('tcp', 'udp', 'icmp', 'sctp'),
    direction: fc.constantFrom('outbound', 'inbound', 'internal', 'external'),
    threat_intel: fc.record(
      { virustotal: virusTotalIntel, abuseipdb: abuseIpdbIntel, blocklist: blocklistIntel, listings },
      { requiredKeys: [] },
    ),
    geo_data: fc.record({ country_code: fc.constantFrom('US', 'CN', 'DE', 'BR') }),
    report_age_days: reportAges,
    detections,
  },
  { requiredKeys: ['address'] },
);
