import type { ThreatIntel } from '../consensus/scoring-input.ts';

/** Describes in one sentence where the legacy score of an address comes from. */
export function describeLegacy({ virustotal, abuseipdb }: ThreatIntel): string {
  if (virustotal !== undefined && virustotal.total_vendors > 0) {
    const { malicious_vendors, suspicious_vendors = 0, total_vendors } = virustotal;
    const suspicious = suspicious_vendors > 0 ? ` and half of ${suspicious_vendors} suspicious` : '';
    return `VirusTotal alone: ${malicious_vendors} malicious${suspicious} of ${total_vendors} vendors, doubled.`;
  }
  if (abuseipdb === undefined) return 'Neither VirusTotal nor AbuseIPDB knows it: always 0.2.';
  if (abuseipdb.is_whitelisted === true) return 'AbuseIPDB alone: whitelisted.';
  return `AbuseIPDB alone: a confidence of ${abuseipdb.confidence_score} %.`;
}
