import type { ReportedAddress, SiteReport, TrafficFigures } from '../../lib/cli/results/site-report.ts';

const NOTHING: TrafficFigures = {
  messages: 0,
  records: 0,
  stored: 0,
  duplicates: 0,
  rejected: 0,
  skipped: 0,
  assessments: 0,
  malicious: 0,
  high_uncertainty: 0,
  consensus_failures: 0,
  without_evidence: 0,
  allowed: 0,
};

const BUSY: TrafficFigures = {
  ...NOTHING,
  messages: 12,
  records: 1_200,
  stored: 1_150,
  duplicates: 30,
  rejected: 20,
  skipped: 40,
  assessments: 300,
  malicious: 12,
  high_uncertainty: 3,
  without_evidence: 240,
};

/** A malicious address that two hosts of the site call. */
export function reportedAddress(changes: Partial<ReportedAddress> = {}): ReportedAddress {
  return {
    address: '203.0.113.9',
    direction: 'outbound',
    urgency: 'calling',
    score: 0.91,
    reasons: ['malicious'],
    pattern: 'beacon',
    is_new: true,
    label: null,
    is_settled: false,
    first_seen: '2026-11-27T01:00:00.000Z',
    last_seen: '2026-11-27T11:00:00.000Z',
    local_hosts: ['10.0.0.7', '10.0.0.8'],
    services: ['443/tcp'],
    assessment: '203.0.113.9/ABCDEFGHIJKLMNOPQRSTUV/443/tcp/outbound',
    evidence: {
      sources: ['virustotal', 'activity'],
      votes: [
        { scorer: 'statistical', score: 0.9, reasoning: '11 of 70 engines call it malicious' },
        { scorer: 'rule_based', score: 0.91, reasoning: 'VirusTotal: 11 malicious' },
        { scorer: 'ml_based', score: 0.95, reasoning: 'beacon' },
      ],
      connections: 48,
      is_partial: false,
      over_time: Array.from({ length: 48 }, (_, step) => step % 4),
    },
    ...changes,
  };
}

/** A report of a day on which an address was called. */
export function siteReport(changes: Partial<SiteReport> = {}): SiteReport {
  return {
    made_at: '2026-11-27T12:00:00.000Z',
    version: '1.2.3',
    environment: 'prod',
    table: 'connections',
    since: '2026-11-26T12:00:00.000Z',
    until: '2026-11-27T12:00:00.000Z',
    addresses: [reportedAddress()],
    counts: {
      attention: 1,
      malicious: 1,
      new_malicious: 1,
      beyond_limit: 0,
      knocking: 7,
      allowed: 2,
      labelled_malicious: 0,
      labelled_benign: 1,
    },
    hosts: [
      {
        host: '10.0.0.7',
        calls: [{ address: '203.0.113.9', score: 0.91, urgency: 'calling' }],
        reached_by: [],
        fan_out: null,
      },
    ],
    traffic: BUSY,
    before: { ...BUSY, records: 600, malicious: 0 },
    over_time: Array.from({ length: 24 }, (_, hour) => ({
      ...BUSY,
      records: 50,
      malicious: hour % 3,
      without_evidence: 10,
      rejected: hour % 2,
      skipped: hour % 5,
      from: new Date(Date.UTC(2026, 10, 26, 12 + hour)).toISOString(),
    })),
    lookups: { virustotal: { found: 12, no_quota: 30 } },
    skipped: { alert: 30, dns: 10 },
    costs: {
      packed_usd: 0.002,
      single_usd: 0.12,
      lookups_a_day: [{ provider: 'virustotal', answered: 12, without_quota: 30, free_plan: 500 }],
    },
    ...changes,
  };
}

/** A report of a day on which nothing arrived. */
export function emptyReport(): SiteReport {
  return siteReport({
    addresses: [],
    counts: {
      attention: 0,
      malicious: 0,
      new_malicious: 0,
      beyond_limit: 0,
      knocking: 0,
      allowed: 0,
      labelled_malicious: 0,
      labelled_benign: 0,
    },
    hosts: [],
    traffic: NOTHING,
    before: NOTHING,
    over_time: [{ ...NOTHING, from: '2026-11-26T12:00:00.000Z' }],
    lookups: {},
    skipped: {},
    costs: { packed_usd: 0, single_usd: 0, lookups_a_day: [] },
  });
}
