import type { Evidence } from '../evidence.ts';

/** Features of vendors and blocklists, all >= 0, with the sign that a weight may take. */
export const FEED_FEATURES = [
  { name: 'feed_share', sign: 1 },
  { name: 'feed_flags', sign: 1 },
  { name: 'feeds_asked', sign: -1 },
] as const;

export type FeedFeatureName = (typeof FEED_FEATURES)[number]['name'];

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

/** Values in the order of {@link FEED_FEATURES}. */
export function readFeedFeatures(evidence: Evidence): [number, number, number] {
  const { vendors, vendorFlags, lists } = evidence;
  const listings = LISTING_SHARE * evidence.listings;
  const flags = Math.max(vendorFlags, listings) + SHARE_BEYOND_OVERLAP * Math.min(vendorFlags, listings);
  const share = Math.max(vendors > 0 ? vendorFlags / vendors : 0, lists > 0 ? listings / lists : 0);
  const asked = Math.max(vendors, lists);
  return [
    Math.min(1, share / TELLING_SHARE),
    flags > 0 ? Math.log1p(Math.min(flags, LARGEST_COUNT)) / FULL_ANSWER : 0,
    asked > 0 ? Math.log1p(Math.min(asked, LARGEST_COUNT)) / FULL_ANSWER : 0,
  ];
}
