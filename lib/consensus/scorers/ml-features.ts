import type { Evidence } from '../evidence.ts';

/**
 * The model's features, all >= 0, with the sign that a weight may take. Together the signs make the model monotone:
 * more flags, reports, reporters or confidence, or a more recent report, never lower a score.
 */
export const ML_FEATURES = [
  { name: 'feed_share', sign: 1, meaning: 'share of vendors and blocklists' },
  { name: 'feed_flags', sign: 1, meaning: 'number of vendors and blocklists' },
  { name: 'feeds_asked', sign: -1, meaning: 'vendors and blocklists that stayed silent' },
  { name: 'abuse_asked', sign: -1, meaning: 'few abuse reports' },
  { name: 'abuse_confidence', sign: 1, meaning: 'abuse confidence' },
  { name: 'reports', sign: 1, meaning: 'abuse reports' },
  { name: 'reporters', sign: 1, meaning: 'distinct reporters' },
  { name: 'further_reporters', sign: 1, meaning: 'independent reporters' },
  { name: 'recent', sign: 1, meaning: 'a recent report' },
  { name: 'recent_reports', sign: 1, meaning: 'recent reports' },
  { name: 'recent_reporters', sign: 1, meaning: 'recent reporters' },
  { name: 'recent_further_reporters', sign: 1, meaning: 'recent independent reporters' },
] as const;

export type MlFeatureName = (typeof ML_FEATURES)[number]['name'];

/**
 * Share of vendors from which more of them no longer raise `feed_share`: one of 25 feeds, or four of 94 vendors. Below
 * it a single vendor among many counts as the stray false alarm that it often is.
 */
const TELLING_SHARE = 0.04;
/** Vendors and blocklists copy from each other: the smaller number of flags adds this share. */
const SHARE_BEYOND_OVERLAP = 0.3;
/** A blocklist explains itself less than a vendor does, and many repeat others: a listing counts as so much of a flag. */
const LISTING_SHARE = 0.7;
/** Logarithm of a full answer of vendors: the scale of `feed_flags` and `feeds_asked`. */
const FULL_ANSWER = Math.log1p(94);
const LARGEST_COUNT = 1_000;
/**
 * Recency is blurred: reports often arrive late, so that it halves in two weeks rather than days, and never fades
 * altogether.
 */
const HALF_RECENCY_DAYS = 14;
/** Share of what reports of a whitelisted address say that is kept, as far as their source believes them at all. */
const WHITELISTED_SHARE = 0.4;

/** Values in the order of {@link ML_FEATURES}. */
export function readMlFeatures(evidence: Evidence): number[] {
  const { vendors, vendorFlags, lists, reports, reporters } = evidence;
  const listings = LISTING_SHARE * evidence.listings;
  const flags = Math.max(vendorFlags, listings) + SHARE_BEYOND_OVERLAP * Math.min(vendorFlags, listings);
  const share = Math.max(vendors > 0 ? vendorFlags / vendors : 0, lists > 0 ? listings / lists : 0);
  const trust = evidence.isWhitelisted ? WHITELISTED_SHARE : 1;
  const reportsLog = trust * Math.log1p(Math.min(reports, LARGEST_COUNT));
  const reportersLog = trust * Math.log1p(Math.min(reporters, LARGEST_COUNT));
  const furtherReporters = Math.max(0, reportersLog - trust * Math.LN2);
  const recency = reports > 0 ? 1 / (1 + evidence.reportAgeDays / HALF_RECENCY_DAYS) : 0;
  return [
    Math.min(1, share / TELLING_SHARE),
    Math.log1p(Math.min(flags, LARGEST_COUNT)) / FULL_ANSWER,
    Math.log1p(Math.min(Math.max(vendors, lists), LARGEST_COUNT)) / FULL_ANSWER,
    evidence.hasAbuseAnswer ? 1 : 0,
    trust * evidence.abuseConfidence,
    reportsLog,
    reportersLog,
    furtherReporters,
    trust * recency,
    recency * reportsLog,
    recency * reportersLog,
    recency * furtherReporters,
  ];
}
