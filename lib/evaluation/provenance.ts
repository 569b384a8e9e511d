import type { LabelledSet } from './labelled-set.ts';
import type { Metrics } from './metrics.ts';

interface ProvenanceSource {
  /** Day of the fit, YYYY-MM-DD. */
  readonly date: string;
  readonly sets: readonly LabelledSet[];
  /** Command that gives the same bytes again. */
  readonly command: string;
  readonly foldCount: number;
  readonly validation: ReadonlyArray<{ readonly set: string; readonly metrics: Metrics }>;
}

/** Where a model comes from, as it is stored beside its weights. */
export interface Provenance {
  readonly fitted_on: string;
  readonly reproduce: string;
  readonly labels: string;
  readonly sets: ReadonlyArray<{ readonly file: string; readonly sha256: string; readonly rows: number }>;
  readonly validation: {
    readonly method: string;
    readonly figures: ReadonlyArray<{
      readonly set: string;
      readonly auc: number;
      readonly average_precision: number;
      readonly brier: number;
      readonly calibration_error: number;
    }>;
  };
}

export function describeProvenance(source: ProvenanceSource): Provenance {
  return {
    fitted_on: source.date,
    reproduce: source.command,
    labels: 'Public-feed surrogates of vendor votes and abuse reports; labels are positive-unlabelled.',
    sets: source.sets.map(({ name, sha256, rows }) => ({ file: name, sha256, rows: rows.length })),
    validation: {
      method: `${source.foldCount}-fold cross-validation, grouped by network`,
      figures: source.validation.map(({ set, metrics }) => ({
        set,
        auc: round(metrics.auc),
        average_precision: round(metrics.averagePrecision),
        brier: round(metrics.brier),
        calibration_error: round(metrics.calibrationError),
      })),
    },
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
