/** Vendors and blocklists copy entries from each other: the weaker of two that agree adds this share. */
const SHARE_BEYOND_OVERLAP = 0.3;

/** Sum of two weights, less the overlap if both have the same sign. */
export function joinOverlapping(a: number, b: number): number {
  const shared = Math.sign(a) === Math.sign(b) ? Math.sign(a) * Math.min(Math.abs(a), Math.abs(b)) : 0;
  return a + b - (1 - SHARE_BEYOND_OVERLAP) * shared;
}

/**
 * Sum of the weights of feeds and of reports. The silence of one says little once the other has evidence: its negative
 * weight fades with the other's positive one. Silence of both says little more than silence of one.
 */
export function combineKinds(feeds: number, reports: number): number {
  if (feeds < 0 && reports > 0) return reports + feeds / (1 + reports);
  if (reports < 0 && feeds > 0) return feeds + reports / (1 + feeds);
  return feeds < 0 ? joinOverlapping(feeds, reports) : feeds + reports;
}
