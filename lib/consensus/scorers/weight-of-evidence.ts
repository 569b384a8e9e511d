/**
 * Weights of evidence: logarithms of likelihood ratios (log-odds), positive if a count is likelier for malicious
 * addresses than for benign ones (I. J. Good, Probability and the Weighing of Evidence, 1950).
 */

/** Parameters of one class's count distribution. */
export interface BetaBinomial {
  /** Pseudo-count of flags, > 0. */
  readonly alpha: number;
  /** Pseudo-count of silence, > 0. */
  readonly beta: number;
}

export interface NegativeBinomial {
  /** Shape of the gamma distribution of reporting rates, > 0. */
  readonly size: number;
  /** Probability of one more report, 0-1 exclusive. */
  readonly continuation: number;
}

/**
 * Weight of k flags among n voters under two beta-binomial distributions (Skellam, JRSS B 10, 1948: binomial counts
 * whose probability differs from case to case).
 *
 * The ratio of beta functions is a product of n terms, so prefix sums of logarithms give it exactly, without gamma
 * functions. It never decreases with k as long as alpha is no smaller and beta no larger for the malicious class.
 */
export function createFlagWeight(
  malicious: BetaBinomial,
  benign: BetaBinomial,
  largestTotal: number,
): (flags: number, total: number) => number {
  const named = prefixSums(largestTotal, (i) => Math.log((malicious.alpha + i) / (benign.alpha + i)));
  const silent = prefixSums(largestTotal, (i) => Math.log((malicious.beta + i) / (benign.beta + i)));
  const asked = prefixSums(largestTotal, (i) =>
    Math.log((malicious.alpha + malicious.beta + i) / (benign.alpha + benign.beta + i)),
  );
  return (flags, total) => {
    if (total <= 0) return 0;
    // If there are more voters than the tables hold, the counts are scaled down, keeping their share.
    const scale = total > largestTotal ? largestTotal / total : 1;
    const n = total * scale;
    const k = flags * scale;
    return interpolate(named, k) + interpolate(silent, n - k) - interpolate(asked, n);
  };
}

/**
 * Weight of a count under two negative binomial distributions, i.e. Poisson counts whose rate is gamma distributed over
 * addresses (Greenwood and Yule, JRSS 83, 1920). It never decreases with the count as long as both parameters are no
 * smaller for the malicious class. Counts above `largestCount` weigh the same as that count.
 */
export function createCountWeight(
  malicious: NegativeBinomial,
  benign: NegativeBinomial,
  largestCount: number,
): (count: number) => number {
  const none =
    malicious.size * Math.log1p(-malicious.continuation) - benign.size * Math.log1p(-benign.continuation);
  const ratio = Math.log(malicious.continuation / benign.continuation);
  const sums = prefixSums(largestCount, (i) => ratio + Math.log((malicious.size + i) / (benign.size + i)));
  return (count) => none + interpolate(sums, Math.min(count, largestCount));
}

/**
 * Weight of a source that is wrong about an address with probability `errorRate`: mixing the class distributions
 * accordingly bounds the weight by ln((1 - errorRate) / errorRate) either way.
 */
export function boundWeight(weight: number, errorRate: number): number {
  if (weight === 0) return 0;
  const ratio = Math.exp(Math.min(weight, 50));
  return Math.log(((1 - errorRate) * ratio + errorRate) / (errorRate * ratio + 1 - errorRate));
}

/** sums[k] = term(0) + ... + term(k - 1), for k from 0 to `length`. */
function prefixSums(length: number, term: (index: number) => number): Float64Array {
  const sums = new Float64Array(length + 1);
  for (let i = 0; i < length; i++) sums[i + 1] = (sums[i] ?? 0) + term(i);
  return sums;
}

/**
 * Interpolates linearly between table entries, which keeps monotone tables monotone for half flags and discounted
 * counts.
 */
function interpolate(sums: Float64Array, position: number): number {
  const index = Math.min(Math.floor(position), sums.length - 2);
  const low = sums[index] ?? 0;
  return low + (position - index) * ((sums[index + 1] ?? low) - low);
}
