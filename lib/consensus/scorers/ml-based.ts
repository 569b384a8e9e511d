import { readContext } from '../context.ts';
import { readEvidence } from '../evidence.ts';
import { probabilityOf, roundToFourDecimals, toPercent } from '../probability.ts';
import type { Scorer, Vote } from '../vote.ts';
import { ML_FEATURES, type MlFeatureName, readMlFeatures } from './ml-features.ts';
import model from './ml-model.json' with { type: 'json' };

/** A fitted logistic model: weights in nats per unit of a feature. */
export interface MlModel {
  readonly intercept: number;
  readonly weights: Readonly<Record<MlFeatureName, number>>;
}

/** No labelled set has whitelisted addresses: this weight, in nats, is judgement. */
const WHITELISTED_WEIGHT = -0.5;

/** How much of what the model can know each source brings; without any, only a trace of confidence is left. */
const COVERAGE = { feeds: 0.5, abuse: 0.5 };
const LEAST_CONFIDENCE = 0.05;

/** The sets are too small and their labels too noisy to support more than 99.3 %; nats. */
const LARGEST_LOG_ODDS = 5;

/** A feature that adds less than this is not worth a word; nats. */
const LEAST_TELLING_CONTRIBUTION = 0.1;

/**
 * Logistic regression with sign constraints (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd
 * ed., 2009, section 4.4) over the features of `ml-features.ts`.
 *
 * Confidence is coverage x decisiveness: the share of the model's sources that answered, and half plus half of one
 * minus the binary entropy of the score in bits.
 */
export function createMlScorer({ intercept, weights }: MlModel): Scorer {
  const ordered = ML_FEATURES.map(({ name }) => weights[name]);
  return {
    name: 'ml_based',
    score(input): Vote {
      const evidence = readEvidence(input);
      const values = readMlFeatures(evidence);
      let logOdds =
        intercept + readContext(input).logOdds + (evidence.isWhitelisted ? WHITELISTED_WEIGHT : 0);
      let first = -1;
      let second = -1;
      let firstContribution = LEAST_TELLING_CONTRIBUTION;
      let secondContribution = LEAST_TELLING_CONTRIBUTION;
      const features: Record<string, number> = {};
      for (let i = 0; i < values.length; i++) {
        const value = values[i] ?? 0;
        if (value === 0) continue;
        const contribution = value * (ordered[i] ?? 0);
        logOdds += contribution;
        features[ML_FEATURES[i]?.name ?? i] = roundToFourDecimals(value);
        if (contribution > firstContribution) {
          second = first;
          secondContribution = firstContribution;
          first = i;
          firstContribution = contribution;
        } else if (contribution > secondContribution) {
          second = i;
          secondContribution = contribution;
        }
      }
      const score = roundToFourDecimals(probabilityOf(Math.min(logOdds, LARGEST_LOG_ODDS)));
      const feeds = evidence.vendors > 0 || evidence.lists > 0;
      const coverage = (feeds ? COVERAGE.feeds : 0) + (evidence.hasAbuseAnswer ? COVERAGE.abuse : 0);
      return {
        score,
        confidence: roundToFourDecimals(
          LEAST_CONFIDENCE + (1 - LEAST_CONFIDENCE) * coverage * (1 - measureEntropy(score) / 2),
        ),
        reasoning: explain(score, coverage, first, second),
        features,
      };
    },
  };
}

export const mlBased = createMlScorer(model);

/** Binary entropy in bits, 0-1 (Shannon, 1948). */
function measureEntropy(probability: number): number {
  if (probability <= 0 || probability >= 1) return 0;
  const rest = 1 - probability;
  return -(probability * Math.log2(probability) + rest * Math.log2(rest));
}

function explain(score: number, coverage: number, first: number, second: number): string {
  if (coverage === 0)
    return `Logistic model: ${toPercent(score)} %, from the base rate, as no source answered.`;
  const leading = ML_FEATURES[first]?.meaning;
  if (leading === undefined) return `Logistic model: ${toPercent(score)} %; no feature raises it.`;
  const next = ML_FEATURES[second]?.meaning;
  return `Logistic model: ${toPercent(score)} %, raised most by ${next === undefined ? leading : `${leading} and ${next}`}.`;
}
