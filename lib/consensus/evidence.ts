import type { ScoringInput } from './scoring-input.ts';

/**
 * Providers' answers as plain numbers, the same for every scorer: missing, null, negative and absurdly large values are
 * replaced by numbers that are safe to calculate with. A total of 0 means that the source had no answer.
 */
export interface Evidence {
  /** Vendors that answered. */
  readonly vendors: number;
  /** Vendors that flag the address: malicious ones count 1, suspicious ones 1/2; at most `vendors`. */
  readonly vendorFlags: number;
  readonly hasAbuseAnswer: boolean;
  /** The source's own confidence of abuse as a share, 0-1. */
  readonly abuseConfidence: number;
  /** Abuse reports, discounted by how far the source believes them; never fewer than `reporters`. */
  readonly reports: number;
  /** Distinct users that reported, discounted likewise; estimated if the source does not give their number. */
  readonly reporters: number;
  /** Days since the last report, 0-3,650. */
  readonly reportAgeDays: number;
  readonly isWhitelisted: boolean;
  readonly isTor: boolean;
}

/** "Suspicious" is a vendor's own word for "perhaps": half a malicious verdict. */
const SUSPICIOUS_SHARE = 0.5;
/**
 * A source that gives less confidence than a single fresh report earns has discounted the reports itself, because they
 * have expired or the address is known to be harmless: they count in proportion, and at 0 % not at all.
 */
const BELIEVED_CONFIDENCE = 0.15;
/** Larger counts carry no further information, and the bound keeps every later product finite. */
const LARGEST_COUNT = 1e9;
/** Reports count over the last 90 days; a month is a typical age of the last one if none is given. */
const ASSUMED_REPORT_AGE_DAYS = 30;
const LARGEST_AGE_DAYS = 3_650;

export function readEvidence(input: ScoringInput): Evidence {
  const { virustotal, abuseipdb } = input.threat_intel ?? {};
  const vendors = count(virustotal?.total_vendors);
  const flags =
    count(virustotal?.malicious_vendors) + SUSPICIOUS_SHARE * count(virustotal?.suspicious_vendors);
  const abuseConfidence = Math.min(count(abuseipdb?.confidence_score), 100) / 100;
  const belief = Math.min(1, abuseConfidence / BELIEVED_CONFIDENCE);
  const totalReports = count(abuseipdb?.total_reports);
  const reporters = count(abuseipdb?.num_distinct_users ?? estimateReporters(totalReports));
  return {
    vendors,
    vendorFlags: Math.min(flags, vendors),
    hasAbuseAnswer: abuseipdb != null,
    abuseConfidence,
    reports: belief * Math.max(totalReports, reporters),
    reporters: belief * reporters,
    reportAgeDays: Math.min(count(input.report_age_days ?? ASSUMED_REPORT_AGE_DAYS), LARGEST_AGE_DAYS),
    isWhitelisted: abuseipdb?.is_whitelisted === true,
    isTor: abuseipdb?.is_tor === true,
  };
}

/** Users tend to report an address repeatedly: the square root is on the cautious side. */
function estimateReporters(reports: number): number {
  return Math.sqrt(reports);
}

/** A count >= 0; anything that is not a positive number counts as 0. */
function count(value: number | null | undefined): number {
  return typeof value === 'number' && value > 0 ? Math.min(value, LARGEST_COUNT) : 0;
}
