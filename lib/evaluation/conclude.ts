import type { SetEvaluation } from './evaluate-scorers.ts';
import { percent } from './format-evaluation.ts';

/**
 * Conclusions from the figures of a set, one sentence each. A difference is stated only if the 95 % intervals do not
 * overlap, which is stricter than a test of the difference.
 */
export function conclude({ contenders, baseRateBrier, errorCorrelations }: SetEvaluation): string[] {
  const { metrics, intervals } = contenders.consensus;
  const [fewest, most] = intervals.recall.map(percent);
  return [
    `At the malicious threshold the consensus finds ${percent(metrics.recall)} of the malicious rows (${fewest} to ${most}) and accuses ${percent(metrics.falsePositiveRate)} of the benign ones.`,
    `${comparisonText(intervals.auc, contenders.baseline.intervals.auc)} the baseline.`,
    probabilityText(intervals.brier, baseRateBrier),
    `Errors of two scorers correlate by up to ${Math.max(...errorCorrelations.map(({ correlation }) => correlation.all)).toFixed(2)}: they share their input, so three votes are not three separate opinions.`,
  ];
}

type Interval = readonly [low: number, high: number];

function comparisonText([low, high]: Interval, [otherLow, otherHigh]: Interval): string {
  if (low > otherHigh) return 'It ranks malicious above benign rows better than';
  if (high < otherLow) return 'It ranks malicious above benign rows worse than';
  return 'By AUC, it is not shown to rank better or worse than';
}

function probabilityText([low, high]: Interval, baseRate: number): string {
  if (high < baseRate) return 'Its scores are better probabilities than the base rate alone.';
  if (low > baseRate)
    return 'Its scores are worse probabilities than the base rate alone: use them to rank only.';
  return 'Its scores are not shown to be better or worse probabilities than the base rate alone.';
}
