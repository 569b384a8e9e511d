/** An interval of shares, 0-1. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % quantile of the normal distribution. */
const Z = 1.96;

/**
 * The 95 % interval of a counted share, by Wilson's score method. Unlike the normal approximation, it is valid for few
 * cases and for shares near 0 and 1 (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212).
 *
 * @param part 0 to `whole`
 * @param whole above 0
 */
export function wilsonInterval(part: number, whole: number): ShareInterval {
  const share = part / whole;
  const z2 = (Z * Z) / whole;
  const middle = share + z2 / 2;
  const reach = Z * Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole));
  return {
    low: Math.max(0, (middle - reach) / (1 + z2)),
    high: Math.min(1, (middle + reach) / (1 + z2)),
  };
}
