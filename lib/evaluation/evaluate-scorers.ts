import { type Consensus, createConsensus } from '../consensus/consensus.ts';
import { createMlScorer } from '../consensus/scorers/ml-based.ts';
import { ruleBased } from '../consensus/scorers/rule-based.ts';
import { createStatisticalScorer } from '../consensus/scorers/statistical.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import { DEFAULT_CONSENSUS_SETTINGS } from '../consensus/settings.ts';
import { SCORER_NAMES } from '../consensus/vote.ts';
import { fitMlModel } from './fit-ml-model.ts';
import { fitStatisticalModel } from './fit-statistical-model.ts';
import { splitByGroup } from './group-folds.ts';
import type { LabelledInput, LabelledSet } from './labelled-set.ts';
import { type Metrics, measure, type Outcome } from './metrics.ts';

/** What is measured, in the order of the table. */
export const CONTENDERS = ['consensus', ...SCORER_NAMES, 'baseline'] as const;
type Contender = (typeof CONTENDERS)[number];

export interface SetEvaluation {
  readonly name: string;
  readonly rowCount: number;
  /** Share of malicious rows, 0-1. */
  readonly prevalence: number;
  /** Share of rows with a highly uncertain verdict, 0-1. */
  readonly highUncertainty: number;
  readonly metrics: Readonly<Record<Contender, Metrics>>;
}

interface AssessedRow {
  readonly isMalicious: boolean;
  readonly isHighlyUncertain: boolean;
  readonly scores: Readonly<Record<Contender, number>>;
}

/** Measures a consensus, each of its scorers and the baseline on whole sets. */
export function evaluateSets(sets: readonly LabelledSet[], consensus: Consensus): SetEvaluation[] {
  return sets.map(({ name, rows }) => summarize(name, assessRows(rows, consensus)));
}

/**
 * The same by grouped cross-validation: every row is assessed by scorers that were fitted on all sets' other folds, so
 * that no network is on both sides.
 */
export function crossValidate(sets: readonly LabelledSet[], foldCount: number): SetEvaluation[] {
  const folded = sets.map(({ rows }) => splitByGroup(rows, foldCount));
  const assessed: AssessedRow[][] = sets.map(() => []);
  for (let fold = 0; fold < foldCount; fold++) {
    const training = folded.map((folds) => folds.flatMap((rows, i) => (i === fold ? [] : rows)));
    const consensus = fitConsensus(training);
    folded.forEach((folds, i) => {
      assessed[i]?.push(...assessRows(folds[fold] ?? [], consensus));
    });
  }
  return sets.map(({ name }, i) => summarize(name, assessed[i] ?? []));
}

function fitConsensus(training: ReadonlyArray<readonly LabelledInput[]>): Consensus {
  const statistical = createStatisticalScorer(fitStatisticalModel(training));
  return createConsensus({ scorers: [statistical, ruleBased, createMlScorer(fitMlModel(training))] });
}

function assessRows(rows: readonly LabelledInput[], consensus: Consensus): AssessedRow[] {
  return rows.map(({ input, isMalicious }) => {
    const verdict = consensus.assess(input);
    if (verdict.method === 'failed') throw new Error(verdict.reason);
    const { statistical, rule_based, ml_based } = verdict.votes;
    return {
      isMalicious,
      isHighlyUncertain: verdict.high_uncertainty,
      scores: {
        consensus: verdict.consensus_score,
        statistical: statistical?.score ?? Number.NaN,
        rule_based: rule_based?.score ?? Number.NaN,
        ml_based: ml_based?.score ?? Number.NaN,
        baseline: scoreByRatio(input),
      },
    };
  });
}

/** What most sites do: mean of the share of malicious vendors and the abuse confidence, of whichever answered. */
function scoreByRatio({ threat_intel }: ScoringInput): number {
  const shares: number[] = [];
  const { virustotal, abuseipdb } = threat_intel ?? {};
  if (virustotal) shares.push(virustotal.malicious_vendors / Math.max(1, virustotal.total_vendors));
  if (abuseipdb) shares.push(abuseipdb.confidence_score / 100);
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share) / shares.length;
}

function summarize(name: string, rows: readonly AssessedRow[]): SetEvaluation {
  const measureContender = (contender: Contender): Metrics => {
    const outcomes: Outcome[] = rows.map(({ scores, isMalicious }) => ({
      score: scores[contender],
      isMalicious,
    }));
    return measure(outcomes, DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold);
  };
  const share = (isCounted: (row: AssessedRow) => boolean) => rows.filter(isCounted).length / rows.length;
  return {
    name,
    rowCount: rows.length,
    prevalence: share(({ isMalicious }) => isMalicious),
    highUncertainty: share(({ isHighlyUncertain }) => isHighlyUncertain),
    metrics: Object.fromEntries(
      CONTENDERS.map((contender) => [contender, measureContender(contender)]),
    ) as Record<Contender, Metrics>,
  };
}
