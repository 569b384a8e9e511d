import { BASE_RATE, logOdds, probabilityOf } from '../consensus/probability.ts';
import type { ScoringInput, ThreatIntel } from '../consensus/scoring-input.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { LabelledInput } from './labelled-set.ts';
import { lookBack } from './look-back.ts';

/** A distinct scoring input with the weights of its malicious and benign rows. */
export interface TrainingRow {
  readonly input: ScoringInput;
  readonly maliciousWeight: number;
  readonly benignWeight: number;
}

export interface TrainingOptions {
  /** Target share of malicious rows for a set with a given share, 0-1. */
  readonly prevalenceOf: (share: number) => number;
  /** Weight of rows as they would have looked earlier, relative to rows as they are; 0 for none. */
  readonly lookBackWeight: number;
}

/**
 * Half-way, in log-odds, between the set's share and {@link BASE_RATE}: the base rate in practice is unknown, and
 * scores should be acceptable on either side.
 */
export function halfWayToBaseRate(share: number): number {
  return probabilityOf((logOdds(BASE_RATE) + logOdds(share)) / 2);
}

/**
 * Turns labelled sets into weighted rows and merges equal inputs; the weights add up to 1.
 *
 * - Every set has the same weight, whatever its size, so that no population dominates.
 * - Malicious rows are weighted to the target share (prior shift: Saerens, Latinne and Decaestecker, Neural Computation
 *   14, 2002).
 * - A row with evidence from several sources is also shown with each source alone, so that the model does not rely on
 *   all of them answering.
 * - Rows are also shown as they would have looked some weeks earlier (see {@link lookBack}), so that the model does not
 *   rely on the last report being as fresh as it looks.
 *
 * @throws {EvaluationError} if a set lacks one of the classes
 */
export function weighTrainingRows(
  sets: ReadonlyArray<readonly LabelledInput[]>,
  { prevalenceOf, lookBackWeight }: TrainingOptions,
): TrainingRow[] {
  const merged = new Map<string, { -readonly [Key in keyof TrainingRow]: TrainingRow[Key] }>();
  const add = (rows: readonly LabelledInput[], weight: number) => {
    const malicious = rows.filter(({ isMalicious }) => isMalicious).length;
    const benign = rows.length - malicious;
    const prevalence = prevalenceOf(malicious / rows.length);
    for (const { input, isMalicious } of rows) {
      const views = viewBySource(input);
      const share = isMalicious ? prevalence / malicious : (1 - prevalence) / benign;
      for (const view of views) {
        const key = JSON.stringify(view);
        const row = merged.get(key) ?? { input: view, maliciousWeight: 0, benignWeight: 0 };
        if (isMalicious) row.maliciousWeight += (share * weight) / views.length;
        else row.benignWeight += (share * weight) / views.length;
        merged.set(key, row);
      }
    }
  };
  for (const rows of sets) {
    if (!hasBothClasses(rows)) throw new EvaluationError('a set to fit on has rows of one class only');
    const earlier = lookBackWeight > 0 ? lookBack(rows) : [];
    const earlierWeight = hasBothClasses(earlier) ? lookBackWeight : 0;
    add(rows, 1 / (1 + earlierWeight) / sets.length);
    if (earlierWeight > 0) add(earlier, earlierWeight / (1 + earlierWeight) / sets.length);
  }
  return [...merged.values()];
}

function hasBothClasses(rows: readonly LabelledInput[]): boolean {
  return rows.some(({ isMalicious }) => isMalicious) && rows.some(({ isMalicious }) => !isMalicious);
}

function viewBySource(input: ScoringInput): ScoringInput[] {
  const sources = Object.entries(input.threat_intel ?? {}) as [keyof ThreatIntel, never][];
  if (sources.length < 2) return [input];
  return [input, ...sources.map(([source, intel]) => ({ ...input, threat_intel: { [source]: intel } }))];
}
