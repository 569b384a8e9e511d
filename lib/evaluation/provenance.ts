import { ENGINE_VERSION } from '../consensus/engine-version.ts';
import type { LabelledSet } from './labelled-set.ts';
import type { Metrics } from './metrics.ts';

/** Figures of one way to validate, set by set. */
export interface Validation {
  readonly method: string;
  readonly sets: ReadonlyArray<{ readonly set: string; readonly metrics: Metrics }>;
}

interface ProvenanceSource {
  /** Day of the fit, YYYY-MM-DD. */
  readonly date: string;
  readonly sets: readonly LabelledSet[];
  /** Command that gives the same bytes again. */
  readonly command: string;
  readonly validations: readonly Validation[];
}

/** Where a model comes from, as it is stored beside its weights. */
export interface Provenance {
  readonly fitted_on: string;
  /** Version of the engine whose code fitted and measured it. */
  readonly engine: string;
  readonly node: string;
  readonly reproduce: string;
  readonly labels: string;
  readonly sets: ReadonlyArray<{
    readonly file: string;
    readonly sha256: string;
    readonly as_of: string;
    readonly rows: number;
    readonly malicious: number;
  }>;
  /** By method and set: AUC, average precision, Brier score, expected calibration error. */
  readonly validation: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function describeProvenance(source: ProvenanceSource): Provenance {
  return {
    fitted_on: source.date,
    engine: ENGINE_VERSION,
    // Patches do not change arithmetic; naming them would change the bytes with every one.
    node: process.versions.node.split('.', 1)[0] ?? '',
    reproduce: source.command,
    labels: 'Public-feed surrogates of vendor votes and abuse reports; labels are positive-unlabelled.',
    sets: source.sets.map(({ name, sha256, rows }) => ({
      file: name,
      sha256,
      as_of: [...new Set(rows.map(({ asOf }) => asOf))].sort().join(', '),
      rows: rows.length,
      malicious: rows.filter(({ isMalicious }) => isMalicious).length,
    })),
    validation: Object.fromEntries(
      source.validations.map(({ method, sets }) => [
        method,
        Object.fromEntries(sets.map(({ set, metrics }) => [set, describe(metrics)])),
      ]),
    ),
  };
}

function describe({ auc, averagePrecision, brier, calibrationError }: Metrics): string {
  return `AUC ${auc.toFixed(3)}, AP ${averagePrecision.toFixed(3)}, Brier ${brier.toFixed(4)}, ECE ${calibrationError.toFixed(3)}`;
}
