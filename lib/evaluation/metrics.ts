/** A prediction and the truth. */
export interface Outcome {
  /** Predicted probability of being malicious, 0-1. */
  readonly score: number;
  readonly isMalicious: boolean;
}

export interface Metrics {
  /** Probability that a malicious row scores above a benign one; ties count half; 0-1. */
  readonly auc: number;
  /** Mean precision over recall, with ties grouped; 0-1. */
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

export const METRIC_NAMES = [
  'auc',
  'averagePrecision',
  'brier',
  'calibrationError',
  'recall',
  'falsePositiveRate',
] as const satisfies ReadonlyArray<keyof Metrics>;

export const BIN_COUNT = 10;

/** Outcomes from the highest score to the lowest, as columns, from which every figure is computed. */
export interface Ranking {
  readonly scores: Float64Array;
  /** 1 for malicious. */
  readonly labels: Uint8Array;
  /** The unit that each row is resampled with; its own index if none is given. */
  readonly units: Uint32Array;
}

export function rankOutcomes(outcomes: readonly Outcome[], unitOf?: Uint32Array): Ranking {
  const positions = Uint32Array.from(outcomes.keys());
  positions.sort((a, b) => (outcomes[b]?.score ?? 0) - (outcomes[a]?.score ?? 0) || a - b);
  return {
    units: unitOf === undefined ? positions : positions.map((position) => unitOf[position] ?? 0),
    scores: Float64Array.from(positions, (position) => outcomes[position]?.score ?? Number.NaN),
    labels: Uint8Array.from(positions, (position) => Number(outcomes[position]?.isMalicious)),
  };
}

/** Figures for a set with at least one row of each class (otherwise NaN). */
export function measure(outcomes: readonly Outcome[], maliciousThreshold: number): Metrics {
  return measureRanking(rankOutcomes(outcomes), maliciousThreshold);
}

/**
 * Figures for a ranking with rows weighted by unit; once each by default.
 *
 * AUC is the Mann-Whitney statistic (Hanley and McNeil, Radiology 143, 1982), Brier's score is from Monthly Weather
 * Review 78, 1950, and the calibration error from Naeini, Cooper and Hauskrecht, AAAI 2015.
 */
export function measureRanking(
  { scores, labels, units }: Ranking,
  maliciousThreshold: number,
  weights?: Float64Array,
): Metrics {
  const gaps = new Float64Array(BIN_COUNT);
  let malicious = 0;
  let benign = 0;
  let wins = 0;
  let precisionSum = 0;
  let squares = 0;
  let caught = 0;
  let falseAlarms = 0;
  for (let i = 0; i < scores.length; ) {
    const score = scores[i] ?? 0;
    let maliciousHere = 0;
    let benignHere = 0;
    for (; i < scores.length && scores[i] === score; i++) {
      const weight = weights === undefined ? 1 : (weights[units[i] ?? 0] ?? 0);
      if (labels[i] === 1) maliciousHere += weight;
      else benignHere += weight;
    }
    wins += benignHere * (malicious + maliciousHere / 2);
    malicious += maliciousHere;
    benign += benignHere;
    if (maliciousHere > 0) precisionSum += maliciousHere * (malicious / (malicious + benign));
    squares += maliciousHere * (1 - score) ** 2 + benignHere * score ** 2;
    const bin = Math.min(Math.floor(score * BIN_COUNT), BIN_COUNT - 1);
    gaps[bin] = (gaps[bin] ?? 0) + (maliciousHere + benignHere) * score - maliciousHere;
    if (score >= maliciousThreshold) {
      caught = malicious;
      falseAlarms = benign;
    }
  }
  const total = malicious + benign;
  return {
    auc: wins / (malicious * benign),
    averagePrecision: precisionSum / malicious,
    brier: squares / total,
    calibrationError: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total,
    recall: caught / malicious,
    falsePositiveRate: falseAlarms / benign,
  };
}
