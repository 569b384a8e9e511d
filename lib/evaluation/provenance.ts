import { ENGINE_VERSION } from '../consensus/engine-version.ts';
import type { LabelledSet } from './labelled-set.ts';
import type { Metrics } from './metrics.ts';

/** Figures of one validation method, by set. */
export interface Validation {
  readonly method: string;
  readonly sets: ReadonlyArray<{ readonly set: string; readonly metrics: Metrics }>;
}

interface ProvenanceSource {
  /** Day of the fit, YYYY-MM-DD. */
  readonly date: string;
  readonly sets: readonly LabelledSet[];
  /** Command that reproduces the file byte for byte. */
  readonly command: string;
  readonly validations: readonly Validation[];
}

/** Provenance of a model, stored next to its weights. */
export interface Provenance {
  readonly fitted_on: string;
  /** Version of the engine that it was fitted and measured with. */
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
  /** AUC, average precision, Brier score and expected calibration error, by method and set. */
  readonly validation: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function describeProvenance(source: ProvenanceSource): Provenance {
  return {
    fitted_on: source.date,
    engine: ENGINE_VERSION,
    // Major version only: patches do not change arithmetic, and would change the file each time.
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
