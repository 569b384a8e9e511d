import type { ScoringInput } from '../consensus/scoring-input.ts';

/** Where a legacy score came from; `local` means that no source knew the address. */
export type LegacySource = 'virustotal' | 'abuseipdb' | 'local';

export interface LegacyScore {
  /** 0-1. */
  readonly score: number;
  readonly source: LegacySource;
}

/** The score that the replaced system gave to every address unknown to all sources. */
const LOCAL_SCORE = 0.2;

/**
 * The single-source score of the system that this service replaces, unchanged: VirusTotal's share of vendors, doubled,
 * with a suspicious vendor counting half; else AbuseIPDB's confidence, 0 if whitelisted; else 0.2.
 */
export function legacyScore({ threat_intel }: ScoringInput): LegacyScore {
  const { virustotal, abuseipdb } = threat_intel ?? {};
  if (virustotal !== undefined && virustotal.total_vendors > 0) {
    const votes = virustotal.malicious_vendors + 0.5 * (virustotal.suspicious_vendors ?? 0);
    return { score: Math.min(1, (2 * votes) / virustotal.total_vendors), source: 'virustotal' };
  }
  if (abuseipdb !== undefined) {
    const score = abuseipdb.is_whitelisted === true ? 0 : abuseipdb.confidence_score / 100;
    return { score, source: 'abuseipdb' };
  }
  return { score: LOCAL_SCORE, source: 'local' };
}
