import { probabilityOf, roundToFourDecimals } from '../consensus/probability.ts';
import { createStatisticalScorer, type StatisticalModel } from '../consensus/scorers/statistical.ts';
import type { LabelledInput } from './labelled-set.ts';
import { searchMinimum } from './pattern-search.ts';
import { halfWayToBaseRate, weighTrainingRows } from './training-rows.ts';

/** Scores are stored with four decimals; 0 and 1 are treated as half a unit away from the end. */
const SMALLEST_PROBABILITY = 0.000_05;

/**
 * Fixed, not fitted: all labelled rows have the same number of voters, and hardly any benign row has a flag, so the
 * sets cannot show how counts scale to larger panels of vendors. False flags are assumed to be nearly independent: at
 * least one on 0.2 % of benign addresses with 25 voters, on 0.7 % with 94. Malicious addresses differ widely.
 */
const BENIGN_VENDORS = { alpha: 0.04, beta: 500 };
const MALICIOUS_VENDOR_SILENCE = 2;

/**
 * In the sets the abuse confidence is computed from the very reports that are listed, so a fit may ignore it. In
 * practice the provider knows more than the counts show. Judgement, in log-odds at 100 % and before pooling halves it.
 */
const LEAST_CONFIDENCE_SLOPE = 2;

/** Weight of rows as they would have looked weeks earlier, relative to rows as they are. */
const LOOK_BACK_WEIGHT = 0.5;

/**
 * Starting point of the search. Its parameters are unbounded: logarithms keep pseudo-counts positive, and the malicious
 * class is parameterised as a step above the benign one, so that every point is a monotone model.
 */
const START = [Math.log(0.5), Math.log(0.8), Math.log(0.5), -0.5, Math.log(0.5), -0.5, Math.log(2)];

/** Fits the class parameters by minimising the log loss of the scorer's posterior (conditional likelihood). */
export function fitStatisticalModel(sets: ReadonlyArray<readonly LabelledInput[]>): StatisticalModel {
  const rows = weighTrainingRows(sets, { prevalenceOf: halfWayToBaseRate, lookBackWeight: LOOK_BACK_WEIGHT });
  const lossOf = (parameters: readonly number[]): number => {
    const { score } = createStatisticalScorer(toModel(parameters));
    let loss = 0;
    for (const { input, maliciousWeight, benignWeight } of rows) {
      const probability = Math.min(
        Math.max(score(input).score, SMALLEST_PROBABILITY),
        1 - SMALLEST_PROBABILITY,
      );
      loss -= maliciousWeight * Math.log(probability) + benignWeight * Math.log(1 - probability);
    }
    return loss;
  };
  return toModel(searchMinimum(lossOf, { start: START, firstStep: 0.5, lastStep: 0.06 }));
}

function toModel(parameters: readonly number[]): StatisticalModel {
  const [alpha = 0, size = 0, sizeStep = 0, continuation = 0, continuationStep = 0, atZero = 0, slope = 0] =
    parameters;
  const benignSize = Math.exp(size);
  const round = roundToFourDecimals;
  return {
    vendors: {
      malicious: { alpha: round(BENIGN_VENDORS.alpha + Math.exp(alpha)), beta: MALICIOUS_VENDOR_SILENCE },
      benign: BENIGN_VENDORS,
    },
    reports: {
      malicious: {
        size: round(benignSize + Math.exp(sizeStep)),
        continuation: round(probabilityOf(continuation + Math.exp(continuationStep))),
      },
      benign: { size: round(benignSize), continuation: round(probabilityOf(continuation)) },
    },
    abuseConfidence: { atZero: round(atZero), slope: round(LEAST_CONFIDENCE_SLOPE + Math.exp(slope)) },
  };
}
