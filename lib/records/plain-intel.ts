import { isCanonicalTime } from './timestamp.ts';

type Fields = Record<string, unknown>;

const COUNTRY = /^[A-Z][A-Z0-9]$/;
const MOST_PERCENT = 100;

/**
 * Whether threat intelligence is already in the schema's output form; like `isPlain`, for a record's own intelligence.
 * Listings are rare and left to the schema.
 */
export function isPlainIntel(value: unknown): boolean {
  return isPlainObject(value, (source, answer) => {
    switch (source) {
      case 'virustotal':
        return isPlainObject(answer, isPlainVote) && areVotesWhole(answer as Fields);
      case 'abuseipdb':
        return isPlainObject(answer, isPlainReport) && areReportsWhole(answer as Fields);
      case 'blocklist':
        return isPlainObject(answer, isPlainListing) && areListingsWhole(answer as Fields);
      case 'listings':
        return false;
      default:
        return isScalar(answer);
    }
  });
}

/** Whether location data is already in the schema's output form. */
export function isPlainGeoData(value: unknown): boolean {
  return isPlainObject(value, (key, member) =>
    key === 'country_code' ? typeof member === 'string' && COUNTRY.test(member) : isScalar(member),
  );
}

function isPlainVote(key: string, value: unknown): boolean {
  switch (key) {
    case 'malicious_vendors':
    case 'suspicious_vendors':
    case 'total_vendors':
      return isCount(value);
    default:
      return isScalar(value);
  }
}

function areVotesWhole({ malicious_vendors, suspicious_vendors = 0, total_vendors }: Fields): boolean {
  const flags = (malicious_vendors as number) + (suspicious_vendors as number);
  return flags <= (total_vendors as number);
}

function isPlainReport(key: string, value: unknown): boolean {
  switch (key) {
    case 'confidence_score':
      return typeof value === 'number' && value >= 0 && value <= MOST_PERCENT;
    case 'total_reports':
    case 'num_distinct_users':
      return isCount(value);
    case 'last_reported_at':
      return isCanonicalTime(value);
    case 'is_whitelisted':
    case 'is_tor':
      return typeof value === 'boolean';
    case 'usage_type':
      return typeof value === 'string';
    default:
      return isScalar(value);
  }
}

function areReportsWhole({ confidence_score, total_reports }: Fields): boolean {
  return confidence_score !== undefined && total_reports !== undefined;
}

function isPlainListing(key: string, value: unknown): boolean {
  return key === 'lists' || key === 'total_lists' ? isCount(value) : isScalar(value);
}

function areListingsWhole({ lists, total_lists }: Fields): boolean {
  return (lists as number) <= (total_lists as number);
}

function isPlainObject(value: unknown, isPlainMember: (key: string, member: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || !isPlainMember(key, (value as Fields)[key])) return false;
  }
  return true;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
