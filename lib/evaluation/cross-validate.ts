import { type Consensus, createConsensus } from '../consensus/consensus.ts';
import { createMlScorer, mlBased } from '../consensus/scorers/ml-based.ts';
import { ruleBased } from '../consensus/scorers/rule-based.ts';
import { createStatisticalScorer, statistical } from '../consensus/scorers/statistical.ts';
import { type AssessedRow, type AssessedSet, assessRows } from './assess-rows.ts';
import { fitMlModel } from './fit-ml-model.ts';
import { fitStatisticalModel } from './fit-statistical-model.ts';
import { splitByGroup } from './group-folds.ts';
import type { LabelledInput, LabelledSet } from './labelled-set.ts';

/** The scorers that are fitted to labelled sets. */
export const FITTED_SCORERS = ['ml_based', 'statistical'] as const;
export type FittedScorer = (typeof FITTED_SCORERS)[number];

type Fit = (training: ReadonlyArray<readonly LabelledInput[]>) => Consensus;

/** The three scorers, with the named ones fitted and the others as committed. */
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
 * Every row is assessed by models fitted on the other folds of all sets, so that no network is on both sides.
 *
 * @param viewOf transforms the rows to assess; unchanged by default
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
 * Every set is assessed by models fitted only on sets of other days, which shows the cost of a change of time,
 * population and labels. Sets for which those of other days are no use are left out.
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

/** What a model learns about time, it learns mainly from reports. */
function hasReports({ rows }: LabelledSet): boolean {
  const reported = rows.filter(({ input }) => (input.threat_intel?.abuseipdb?.total_reports ?? 0) > 0);
  return reported.length > rows.length / 2;
}
