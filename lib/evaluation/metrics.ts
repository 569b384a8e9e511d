/** A prediction and what turned out to be true. */
export interface Outcome {
  /** Predicted probability of being malicious, 0-1. */
  readonly score: number;
  readonly isMalicious: boolean;
}

export interface Metrics {
  /** Probability that a malicious row scores above a benign one, ties counted half; 0-1. */
  readonly auc: number;
  /** Mean of the precision over recall, ties taken together; 0-1. */
  readonly averagePrecision: number;
  /** Mean squared difference between score and outcome, 0-1. */
  readonly brier: number;
  /** Expected calibration error over ten bins of equal width, 0-1. */
  readonly calibrationError: number;
  /** Share of the malicious rows at or above the malicious threshold, 0-1. */
  readonly recall: number;
  /** Share of the benign rows at or above the malicious threshold, 0-1. */
  readonly falsePositiveRate: number;
}

const BIN_COUNT = 10;

/**
 * Figures for a set with at least one row of each class (otherwise they are NaN).
 *
 * AUC is the Mann-Whitney statistic (Hanley and McNeil, Radiology 143, 1982), Brier's score is from Monthly Weather
 * Review 78, 1950, and the calibration error from Naeini, Cooper and Hauskrecht, AAAI 2015.
 */
export function measure(outcomes: readonly Outcome[], maliciousThreshold: number): Metrics {
  const positives = outcomes.reduce((sum, { isMalicious }) => sum + Number(isMalicious), 0);
  const negatives = outcomes.length - positives;
  const flagged = outcomes.filter(({ score }) => score >= maliciousThreshold);
  const caught = flagged.filter(({ isMalicious }) => isMalicious).length;
  return {
    ...measureRanking(outcomes, positives, negatives),
    brier:
      outcomes.reduce((sum, { score, isMalicious }) => sum + (score - Number(isMalicious)) ** 2, 0) /
      outcomes.length,
    calibrationError: measureCalibrationError(outcomes),
    recall: caught / positives,
    falsePositiveRate: (flagged.length - caught) / negatives,
  };
}

function measureRanking(
  outcomes: readonly Outcome[],
  positives: number,
  negatives: number,
): Pick<Metrics, 'auc' | 'averagePrecision'> {
  const ranked = outcomes.toSorted((a, b) => b.score - a.score);
  let wins = 0;
  let precisionSum = 0;
  let positivesAbove = 0;
  for (let start = 0; start < ranked.length; ) {
    const score = ranked[start]?.score;
    let end = start;
    let positivesHere = 0;
    for (; end < ranked.length && ranked[end]?.score === score; end++) {
      positivesHere += Number(ranked[end]?.isMalicious);
    }
    const negativesHere = end - start - positivesHere;
    wins += negativesHere * (positivesAbove + positivesHere / 2);
    positivesAbove += positivesHere;
    precisionSum += positivesHere * (positivesAbove / end);
    start = end;
  }
  return { auc: wins / (positives * negatives), averagePrecision: precisionSum / positives };
}

function measureCalibrationError(outcomes: readonly Outcome[]): number {
  const gaps = new Float64Array(BIN_COUNT);
  for (const { score, isMalicious } of outcomes) {
    const bin = Math.min(Math.floor(score * BIN_COUNT), BIN_COUNT - 1);
    gaps[bin] = (gaps[bin] ?? 0) + score - Number(isMalicious);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / outcomes.length;
}
