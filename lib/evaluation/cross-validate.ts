import { type Consensus, createConsensus } from '../consensus/consensus.ts';
import { createMlScorer, mlBased } from '../consensus/scorers/ml-based.ts';
import { ruleBased } from '../consensus/scorers/rule-based.ts';
import { createStatisticalScorer, statistical } from '../consensus/scorers/statistical.ts';
import { type AssessedRow, type AssessedSet, assessRows } from './assess-rows.ts';
import { fitMlModel } from './fit-ml-model.ts';
import { fitStatisticalModel } from './fit-statistical-model.ts';
import { splitByGroup } from './group-folds.ts';
import type { LabelledInput, LabelledSet } from './labelled-set.ts';

/** The scorers that learn from labelled sets. */
export const FITTED_SCORERS = ['ml_based', 'statistical'] as const;
export type FittedScorer = (typeof FITTED_SCORERS)[number];

type Fit = (training: ReadonlyArray<readonly LabelledInput[]>) => Consensus;

/** Three scorers, of which those named are fitted and the others are as committed. */
export function fitConsensus(
  training: ReadonlyArray<readonly LabelledInput[]>,
  fitted: ReadonlyArray<FittedScorer> = FITTED_SCORERS,
): Consensus {
  return createConsensus({
    scorers: [
      fitted.includes('statistical') ? createStatisticalScorer(fitStatisticalModel(training)) : statistical,
      ruleBased,
      fitted.includes('ml_based') ? createMlScorer(fitMlModel(training)) : mlBased,
    ],
  });
}

/**
 * Every row is assessed by what was fitted on all sets' other folds, so that no network is on both sides.
 *
 * @param viewOf what is shown of the rows to assess; the rows themselves by default
 */
export function validateByGroup(
  sets: readonly LabelledSet[],
  foldCount: number,
  fitAll: Fit,
  viewOf: (rows: readonly LabelledInput[]) => readonly LabelledInput[] = (rows) => rows,
): AssessedSet[] {
  const folded = sets.map(({ rows }) => splitByGroup(rows, foldCount));
  const assessed: AssessedRow[][] = sets.map(() => []);
  for (let fold = 0; fold < foldCount; fold++) {
    const training = folded.map((folds) => folds.flatMap((rows, i) => (i === fold ? [] : rows)));
    const consensus = fitAll(training.filter((rows) => rows.length > 0));
    folded.forEach((folds, i) => {
      for (const row of assessRows(viewOf(folds[fold] ?? []), consensus)) assessed[i]?.push(row);
    });
  }
  return sets.map(({ name }, i) => ({ name, rows: assessed[i] ?? [] }));
}

/**
 * Every set is assessed by what was fitted on the sets of other days only: what a change of time, population and label
 * costs. Sets about which those of other days can teach nothing are left out.
 */
export function validateByDay(sets: readonly LabelledSet[], fitAll: Fit): AssessedSet[] {
  const dayOf = ({ rows }: LabelledSet) => rows[0]?.asOf;
  return sets.flatMap((set) => {
    const others = sets.filter((other) => dayOf(other) !== dayOf(set));
    if (!others.some(hasReports) || !hasReports(set)) return [];
    const consensus = fitAll(others.map(({ rows }) => rows));
    return [{ name: set.name, rows: assessRows(set.rows, consensus) }];
  });
}

/** Most of what a model learns of time it learns from reports. */
function hasReports({ rows }: LabelledSet): boolean {
  const reported = rows.filter(({ input }) => (input.threat_intel?.abuseipdb?.total_reports ?? 0) > 0);
  return reported.length > rows.length / 2;
}
