/** Index of the histogram bucket for a value from 0 to 1; buckets are of equal width, the last includes 1. */
export function bucketOf(value: number, buckets: number): number {
  return Math.min(buckets - 1, Math.floor(value * buckets));
}
