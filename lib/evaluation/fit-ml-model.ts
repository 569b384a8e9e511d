import { readEvidence } from '../consensus/evidence.ts';
import { BASE_RATE, logOdds, roundToFourDecimals } from '../consensus/probability.ts';
import type { MlModel } from '../consensus/scorers/ml-based.ts';
import { ML_FEATURES, type MlFeatureName, readMlFeatures } from '../consensus/scorers/ml-features.ts';
import { fitLogistic } from './fit-logistic.ts';
import type { LabelledInput } from './labelled-set.ts';
import { weighTrainingRows } from './training-rows.ts';

/** Enough to keep weights of perfectly separating features finite, too little to blunt the others. */
const RIDGE = 2e-5;

/**
 * In the sets the abuse confidence is computed from the very reports beside it, so that a fit may ignore it. In the field
 * the source knows more than it counts, and its word has at least this weight at 100 %; judgement, in nats.
 */
const LEAST_CONFIDENCE_WEIGHT = 1;

/** Fits the logistic model. Its intercept is the base rate, so that an address without evidence scores just that. */
export function fitMlModel(sets: ReadonlyArray<readonly LabelledInput[]>): MlModel {
  const points = weighTrainingRows(sets).map(({ input, ...weights }) => ({
    values: readMlFeatures(readEvidence(input)),
    ...weights,
  }));
  const intercept = logOdds(BASE_RATE);
  const { weights } = fitLogistic(points, {
    intercept,
    ranges: ML_FEATURES.map(({ name, sign }) => ({
      lowest: name === 'abuse_confidence' ? LEAST_CONFIDENCE_WEIGHT : sign > 0 ? 0 : -Infinity,
      highest: sign > 0 ? Infinity : 0,
    })),
    ridge: RIDGE,
  });
  const named = ML_FEATURES.map(({ name }, i) => [name, roundToFourDecimals(weights[i] ?? 0)] as const);
  return {
    intercept: roundToFourDecimals(intercept),
    weights: Object.fromEntries(named) as Record<MlFeatureName, number>,
  };
}
