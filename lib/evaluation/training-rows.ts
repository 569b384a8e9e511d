import { BASE_RATE, logOdds, probabilityOf } from '../consensus/probability.ts';
import type { ScoringInput, ThreatIntel } from '../consensus/scoring-input.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { LabelledInput } from './labelled-set.ts';

/** A distinct scoring input with the weights of its malicious and benign rows. */
export interface TrainingRow {
  readonly input: ScoringInput;
  readonly maliciousWeight: number;
  readonly benignWeight: number;
}

/**
 * Turns labelled sets into weighted rows, equal inputs merged; the weights add up to 1.
 *
 * - Every set weighs the same, whatever its size, so that no population dominates.
 * - Malicious rows are weighted up or down (prior shift: Saerens, Latinne and Decaestecker, Neural Computation 14, 2002)
 *   until their share lies half-way, in log-odds, between the set's own and {@link BASE_RATE}: the field's base rate
 *   is unknown, and scores should be tolerable on either side.
 * - A row about which several sources spoke is also shown with each source alone, so that the model does not rely on
 *   all of them answering.
 *
 * @throws {EvaluationError} when a set lacks one of the classes
 */
export function weighTrainingRows(sets: ReadonlyArray<readonly LabelledInput[]>): TrainingRow[] {
  const merged = new Map<string, { -readonly [Key in keyof TrainingRow]: TrainingRow[Key] }>();
  for (const rows of sets) {
    const malicious = rows.filter(({ isMalicious }) => isMalicious).length;
    const benign = rows.length - malicious;
    if (malicious === 0 || benign === 0)
      throw new EvaluationError('a set to fit on has rows of one class only');
    const prevalence = probabilityOf((logOdds(BASE_RATE) + logOdds(malicious / rows.length)) / 2);
    for (const { input, isMalicious } of rows) {
      const views = viewBySource(input);
      const share = isMalicious ? prevalence / malicious : (1 - prevalence) / benign;
      const weight = share / views.length / sets.length;
      for (const view of views) {
        const key = JSON.stringify(view);
        const row = merged.get(key) ?? { input: view, maliciousWeight: 0, benignWeight: 0 };
        if (isMalicious) row.maliciousWeight += weight;
        else row.benignWeight += weight;
        merged.set(key, row);
      }
    }
  }
  return [...merged.values()];
}

function viewBySource(input: ScoringInput): ScoringInput[] {
  const sources = Object.entries(input.threat_intel ?? {}) as [keyof ThreatIntel, never][];
  if (sources.length < 2) return [input];
  return [input, ...sources.map(([source, intel]) => ({ ...input, threat_intel: { [source]: intel } }))];
}
