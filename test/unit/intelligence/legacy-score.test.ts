import { describe, expect, it } from 'vitest';
import type { ThreatIntel } from '../../../lib/consensus/scoring-input.ts';
import { legacyScore } from '../../../lib/cutover/legacy-score.ts';

describe('legacyScore', () => {
  it.each<[string, ThreatIntel, number, string]>([
    ['nothing known', {}, 0.2, 'local'],
    ['vendors', { virustotal: { malicious_vendors: 5, total_vendors: 20 } }, 0.5, 'virustotal'],
    [
      'suspicious vendors at half',
      { virustotal: { malicious_vendors: 4, suspicious_vendors: 2, total_vendors: 20 } },
      0.5,
      'virustotal',
    ],
    [
      'most vendors, at 1 at most',
      { virustotal: { malicious_vendors: 15, total_vendors: 20 } },
      1,
      'virustotal',
    ],
    ['no vendor against it', { virustotal: { malicious_vendors: 0, total_vendors: 20 } }, 0, 'virustotal'],
    [
      'vendors before reports',
      {
        virustotal: { malicious_vendors: 0, total_vendors: 20 },
        abuseipdb: { confidence_score: 100, total_reports: 9 },
      },
      0,
      'virustotal',
    ],
    [
      'reports where no vendor answered',
      {
        virustotal: { malicious_vendors: 0, total_vendors: 0 },
        abuseipdb: { confidence_score: 80, total_reports: 9 },
      },
      0.8,
      'abuseipdb',
    ],
    [
      'reports of a whitelisted address',
      { abuseipdb: { confidence_score: 80, total_reports: 9, is_whitelisted: true } },
      0,
      'abuseipdb',
    ],
    ['blocklists, which it never knew', { blocklist: { lists: 3, total_lists: 3 } }, 0.2, 'local'],
  ])('scores %s', (_, threat_intel, score, source) => {
    expect(legacyScore({ address: '8.8.8.8', threat_intel })).toEqual({ score, source });
  });

  it('scores a bare address', () => {
    expect(legacyScore('8.8.8.8')).toEqual({ score: 0.2, source: 'local' });
  });
});
