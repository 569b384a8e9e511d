import { DEFAULT_CONSENSUS_SETTINGS } from '../consensus/settings.ts';
import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import { type AssessedRow, CONTENDERS, type Contender } from './assess-rows.ts';
import {
  drawResamples,
  estimateIntervals,
  type Interval,
  intervalOf,
  type MetricIntervals,
  type Resamples,
} from './bootstrap.ts';
import { type Curves, traceCurves } from './curves.ts';
import { correlateErrors, type ErrorCorrelation } from './error-correlation.ts';
import { EvaluationError } from './evaluation-error.ts';
import { type Metrics, measureRanking, rankOutcomes } from './metrics.ts';

export interface ContenderEvaluation {
  readonly metrics: Metrics;
  readonly intervals: MetricIntervals;
  readonly curves: Curves;
}

export interface SetEvaluation {
  readonly name: string;
  readonly rowCount: number;
  /** Share of malicious rows, 0-1. */
  readonly prevalence: number;
  /** Brier score of always answering the prevalence, 0-0.25. */
  readonly baseRateBrier: number;
  /** Share of rows with a highly uncertain verdict, 0-1. */
  readonly highUncertainty: number;
  readonly highUncertaintyInterval: Interval;
  readonly contenders: Readonly<Record<Contender, ContenderEvaluation>>;
  readonly errorCorrelations: ReadonlyArray<{
    readonly scorers: readonly [ScorerName, ScorerName];
    readonly correlation: ErrorCorrelation;
  }>;
}

/** Enough for intervals of two digits. */
const RESAMPLE_COUNT = 200;

const SCORER_PAIRS = SCORER_NAMES.flatMap((first, i) =>
  SCORER_NAMES.slice(i + 1).map((second) => [first, second] as const),
);

/**
 * Measures a consensus, each of its scorers and the baseline on a whole set.
 *
 * @throws {EvaluationError} if all rows are of one class
 */
export function summarize(name: string, rows: readonly AssessedRow[]): SetEvaluation {
  const malicious = rows.filter(({ isMalicious }) => isMalicious).length;
  if (malicious === 0 || malicious === rows.length) {
    const only = malicious === 0 ? 'benign' : 'malicious';
    throw new EvaluationError(
      `${name}: all ${rows.length} rows are ${only}; both classes are needed to measure`,
    );
  }
  const prevalence = malicious / rows.length;
  const resamples = drawResamples(
    rows.map(({ group }) => group),
    RESAMPLE_COUNT,
  );
  const evaluated = CONTENDERS.map((contender) => [contender, evaluate(contender, rows, resamples)] as const);
  return {
    name,
    rowCount: rows.length,
    prevalence,
    baseRateBrier: prevalence * (1 - prevalence),
    highUncertainty: rows.filter(({ isHighlyUncertain }) => isHighlyUncertain).length / rows.length,
    highUncertaintyInterval: intervalOf(resampleUncertainty(rows, resamples)),
    contenders: Object.fromEntries(evaluated) as Record<Contender, ContenderEvaluation>,
    errorCorrelations: SCORER_PAIRS.map((scorers) => ({
      scorers,
      correlation: correlateErrors(
        rows.map(({ scores }) => scores[scorers[0]]),
        rows.map(({ scores }) => scores[scorers[1]]),
        rows.map(({ isMalicious }) => isMalicious),
      ),
    })),
  };
}

function evaluate(
  contender: Contender,
  rows: readonly AssessedRow[],
  resamples: Resamples,
): ContenderEvaluation {
  const ranking = rankOutcomes(
    rows.map(({ scores, isMalicious }) => ({ score: scores[contender], isMalicious })),
    resamples.unitOf,
  );
  const { maliciousThreshold } = DEFAULT_CONSENSUS_SETTINGS;
  return {
    metrics: measureRanking(ranking, maliciousThreshold),
    intervals: estimateIntervals(ranking, maliciousThreshold, resamples),
    curves: traceCurves(ranking),
  };
}

/** Share of highly uncertain rows in each resampled set. */
function resampleUncertainty(rows: readonly AssessedRow[], { unitOf, weights }: Resamples): number[] {
  const uncertain = new Float64Array(weights[0]?.length ?? 0);
  const all = new Float64Array(uncertain.length);
  rows.forEach(({ isHighlyUncertain }, i) => {
    const unit = unitOf[i] ?? 0;
    all[unit] = (all[unit] ?? 0) + 1;
    if (isHighlyUncertain) uncertain[unit] = (uncertain[unit] ?? 0) + 1;
  });
  const sum = (counts: Float64Array, drawn: Float64Array) =>
    counts.reduce((total, count, unit) => total + count * (drawn[unit] ?? 0), 0);
  return weights.map((drawn) => sum(uncertain, drawn) / sum(all, drawn));
}
