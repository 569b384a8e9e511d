import type { Evidence } from '../evidence.ts';

/** Features of vendors, all >= 0, with the sign their weight may have. */
export const FEED_FEATURES = [
  { name: 'feed_share', sign: 1 },
  { name: 'feed_flags', sign: 1 },
  { name: 'feeds_asked', sign: -1 },
] as const;

export type FeedFeatureName = (typeof FEED_FEATURES)[number]['name'];

/**
 * Share of vendors above which more vendors no longer raise `feed_share`: one of 25 feeds, or four of 94 vendors. Below
 * it a single vendor among many counts as the stray false alarm that it often is.
 */
const TELLING_SHARE = 0.04;
/** Logarithm of a full answer of vendors: the scale of `feed_flags` and `feeds_asked`. */
const FULL_ANSWER = Math.log1p(94);
const LARGEST_COUNT = 1_000;

/** Values in the order of {@link FEED_FEATURES}. */
export function readFeedFeatures({ vendors, vendorFlags }: Evidence): [number, number, number] {
  if (vendors === 0) return [0, 0, 0];
  return [
    Math.min(1, vendorFlags / vendors / TELLING_SHARE),
    vendorFlags > 0 ? Math.log1p(Math.min(vendorFlags, LARGEST_COUNT)) / FULL_ANSWER : 0,
    Math.log1p(Math.min(vendors, LARGEST_COUNT)) / FULL_ANSWER,
  ];
}
