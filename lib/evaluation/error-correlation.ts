/** Pearson correlations of two scorers' errors (score minus outcome), -1 to 1; NaN if one never varies. */
export interface ErrorCorrelation {
  /** Over all rows; naturally high, since both miss the same surprising rows. */
  readonly all: number;
  /** Within the malicious and the benign rows separately: whether the scorers misjudge different ones. */
  readonly malicious: number;
  readonly benign: number;
}

export function correlateErrors(
  a: readonly number[],
  b: readonly number[],
  isMalicious: readonly boolean[],
): ErrorCorrelation {
  const errorsOf = (scores: readonly number[], isCounted: (malicious: boolean) => boolean) =>
    scores.flatMap((score, i) => {
      const malicious = isMalicious[i] === true;
      return isCounted(malicious) ? [score - Number(malicious)] : [];
    });
  const among = (isCounted: (malicious: boolean) => boolean) =>
    correlate(errorsOf(a, isCounted), errorsOf(b, isCounted));
  return { all: among(() => true), malicious: among((malicious) => malicious), benign: among((m) => !m) };
}

function correlate(a: readonly number[], b: readonly number[]): number {
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const fromA = value - meanA;
    const fromB = (b[i] ?? 0) - meanB;
    both += fromA * fromB;
    squaresA += fromA ** 2;
    squaresB += fromB ** 2;
  });
  return both / Math.sqrt(squaresA * squaresB);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
