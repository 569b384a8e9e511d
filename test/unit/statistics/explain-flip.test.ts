import { describe, expect, it } from 'vitest';
import type { ScoringInput, ThreatIntel } from '../../../lib/consensus/scoring-input.ts';
import { explainFlip } from '../../../lib/statistics/explain-flip.ts';

const VENDORS = { malicious_vendors: 11, total_vendors: 94 };
const REPORTED = { confidence_score: 100, total_reports: 900, num_distinct_users: 300 };
const ONCE = { confidence_score: 80, total_reports: 1, num_distinct_users: 1 };
const LISTED = { lists: 2, total_lists: 25 };
const UNLISTED = { lists: 0, total_lists: 25 };

const explain = (threat_intel: ThreatIntel, isNewlyMalicious: boolean, more: Partial<ScoringInput> = {}) =>
  explainFlip({ threat_intel, ...more }, [], isNewlyMalicious, 0.7);

describe('what connections show', () => {
  it('explains that an address is newly malicious, and never that it no longer is', () => {
    expect(explainFlip({}, ['activity'], true, 0.7)).toEqual(['activity']);
    expect(explainFlip({}, ['activity'], false, 0.7)).toEqual([]);
    expect(explainFlip({}, ['detections'], true, 0.7)).toEqual(['detections']);
    expect(explainFlip({}, ['detections'], false, 0.7)).toEqual([]);
  });
});

describe('newly malicious is explained by', () => {
  it.each<[string, ThreatIntel, string[]]>([
    ['a blocklist that names it', { blocklist: LISTED }, ['listings']],
    ['a list that names it', { listings: [{ source: 'DROP', kind: 'malicious', weight: 60 }] }, ['listings']],
    ['AbuseIPDB beside VirusTotal', { virustotal: VENDORS, abuseipdb: REPORTED }, ['abuseipdb']],
    ['reports by many, where AbuseIPDB is alone', { abuseipdb: REPORTED }, ['reports']],
    [
      'everything that speaks against it',
      { virustotal: VENDORS, abuseipdb: REPORTED, blocklist: LISTED },
      ['listings', 'abuseipdb'],
    ],
  ])('%s', (_, intel, reasons) => {
    expect(explain(intel, true)).toEqual(reasons);
  });

  it.each<[string, ThreatIntel]>([
    ['nothing', {}],
    ['what the legacy score saw as well', { virustotal: VENDORS }],
    ['a blocklist that does not name it', { virustotal: VENDORS, blocklist: UNLISTED }],
    ['a list that knows it to be good', { listings: [{ source: 'DNS', kind: 'known-good', weight: 1 }] }],
    ['a list of infrastructure', { listings: [{ source: 'cloud', kind: 'infrastructure', weight: 1 }] }],
    ['reports by few', { abuseipdb: ONCE }],
    [
      'a source that believes no report',
      { virustotal: VENDORS, abuseipdb: { ...REPORTED, confidence_score: 0 } },
    ],
    [
      'a source that trusts the address',
      { virustotal: VENDORS, abuseipdb: { ...REPORTED, is_whitelisted: true } },
    ],
  ])('not %s', (_, intel) => {
    expect(explain(intel, true)).toEqual([]);
  });
});

describe('no longer malicious is explained by', () => {
  it.each<[string, ThreatIntel, Partial<ScoringInput>, string[]]>([
    [
      'AbuseIPDB, where it is less sure',
      { virustotal: VENDORS, abuseipdb: { ...ONCE, confidence_score: 10 } },
      {},
      ['abuseipdb'],
    ],
    ['reports by few', { abuseipdb: ONCE }, {}, ['reports']],
    ['old reports', { abuseipdb: REPORTED }, { report_age_days: 60 }, ['reports']],
  ])('%s', (_, intel, more, reasons) => {
    expect(explain(intel, false, more)).toEqual(reasons);
  });

  it.each<[string, ThreatIntel]>([
    ['reports by many whose age nobody says', { abuseipdb: REPORTED }],
    ['a blocklist that names it', { virustotal: VENDORS, blocklist: LISTED }],
    ['blocklists that do not name it', { virustotal: VENDORS, blocklist: UNLISTED }],
    ['AbuseIPDB, where it is as sure', { virustotal: VENDORS, abuseipdb: REPORTED }],
  ])('not %s', (_, intel) => {
    expect(explain(intel, false)).toEqual([]);
  });
});
