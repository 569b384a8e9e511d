import { ENGINE_VERSION } from '../consensus/engine-version.ts';
import { CONTENDERS } from './assess-rows.ts';
import type { Interval } from './bootstrap.ts';
import type { SetEvaluation } from './evaluate-scorers.ts';
import type { Metrics } from './metrics.ts';

const FIELDS: ReadonlyArray<readonly [field: string, metric: keyof Metrics]> = [
  ['auc', 'auc'],
  ['average_precision', 'averagePrecision'],
  ['brier', 'brier'],
  ['calibration_error', 'calibrationError'],
  ['recall', 'recall'],
  ['false_positive_rate', 'falsePositiveRate'],
];

/** All figures except the curves; each metric as `{value, interval}` with its 95 % interval. */
export function toJson(evaluations: readonly SetEvaluation[]): string {
  const sets = evaluations.map((evaluation) => ({
    set: evaluation.name,
    rows: evaluation.rowCount,
    prevalence: round(evaluation.prevalence),
    base_rate_brier: round(evaluation.baseRateBrier),
    high_uncertainty: figure(evaluation.highUncertainty, evaluation.highUncertaintyInterval),
    scorers: Object.fromEntries(
      CONTENDERS.map((contender) => {
        const { metrics, intervals } = evaluation.contenders[contender];
        const figures = FIELDS.map(([field, metric]) => [field, figure(metrics[metric], intervals[metric])]);
        return [contender, Object.fromEntries(figures)];
      }),
    ),
    error_correlations: evaluation.errorCorrelations.map(({ scorers, correlation }) => ({
      scorers,
      all: round(correlation.all),
      malicious: round(correlation.malicious),
      benign: round(correlation.benign),
    })),
  }));
  return `${JSON.stringify({ engine_version: ENGINE_VERSION, sets }, undefined, 2)}\n`;
}

function figure(value: number, interval: Interval) {
  return { value: round(value), interval: interval.map(round) };
}

function round(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
