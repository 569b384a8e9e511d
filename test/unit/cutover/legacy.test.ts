import { describe, expect, it } from 'vitest';
import type { ThreatIntel } from '../../../lib/consensus/scoring-input.ts';
import { describeLegacy } from '../../../lib/cutover/describe-legacy.ts';
import { legacyScore } from '../../../lib/cutover/legacy-score.ts';

const abuseipdb = { confidence_score: 45, total_reports: 3 };
const VENDORS = { malicious_vendors: 20, total_vendors: 100 };

const CASES: [string, ThreatIntel, number, string, string][] = [
  ['nothing', {}, 0.2, 'local', 'Neither VirusTotal nor AbuseIPDB knows it: always 0.2.'],
  [
    'offline sets alone',
    { blocklist: { lists: 3, total_lists: 3 } },
    0.2,
    'local',
    'Neither VirusTotal nor AbuseIPDB knows it: always 0.2.',
  ],
  [
    'a share of vendors',
    { virustotal: VENDORS },
    0.4,
    'virustotal',
    'VirusTotal alone: 20 malicious of 100 vendors, doubled.',
  ],
  [
    'suspicious vendors, which count half',
    { virustotal: { ...VENDORS, suspicious_vendors: 10 } },
    0.5,
    'virustotal',
    'VirusTotal alone: 20 malicious and half of 10 suspicious of 100 vendors, doubled.',
  ],
  [
    'no suspicious vendor',
    { virustotal: { ...VENDORS, suspicious_vendors: 0 } },
    0.4,
    'virustotal',
    'VirusTotal alone: 20 malicious of 100 vendors, doubled.',
  ],
  [
    'more than half of the vendors',
    { virustotal: { ...VENDORS, malicious_vendors: 60 } },
    1,
    'virustotal',
    'VirusTotal alone: 60 malicious of 100 vendors, doubled.',
  ],
  [
    'a single vendor',
    { virustotal: { malicious_vendors: 0, total_vendors: 1 }, abuseipdb },
    0,
    'virustotal',
    'VirusTotal alone: 0 malicious of 1 vendors, doubled.',
  ],
  [
    'both sources, of which it takes the first',
    { virustotal: VENDORS, abuseipdb },
    0.4,
    'virustotal',
    'VirusTotal alone: 20 malicious of 100 vendors, doubled.',
  ],
  [
    'no vendor that answered',
    { virustotal: { malicious_vendors: 0, total_vendors: 0 }, abuseipdb },
    0.45,
    'abuseipdb',
    'AbuseIPDB alone: a confidence of 45 %.',
  ],
  [
    'no vendor that answered, and nothing else',
    { virustotal: { malicious_vendors: 0, total_vendors: 0 } },
    0.2,
    'local',
    'Neither VirusTotal nor AbuseIPDB knows it: always 0.2.',
  ],
  [
    'a whitelisted address',
    { abuseipdb: { ...abuseipdb, is_whitelisted: true } },
    0,
    'abuseipdb',
    'AbuseIPDB alone: whitelisted.',
  ],
  [
    'an address that is not whitelisted',
    { abuseipdb: { ...abuseipdb, is_whitelisted: false } },
    0.45,
    'abuseipdb',
    'AbuseIPDB alone: a confidence of 45 %.',
  ],
];

describe('the legacy score', () => {
  it.each(CASES)(
    'of %s is what the replaced system gave, and says where it is from',
    (_, threat_intel, score, source, words) => {
      expect(legacyScore({ address: '8.8.8.8', threat_intel })).toEqual({ score, source });
      expect(describeLegacy(threat_intel)).toBe(words);
    },
  );

  it('of an address alone is that of one that nobody knows', () => {
    expect(legacyScore({ address: '8.8.8.8' })).toEqual({ score: 0.2, source: 'local' });
  });
});
