import { readContext } from '../context.ts';
import { type Evidence, readEvidence } from '../evidence.ts';
import { probabilityOf, roundToFourDecimals, toPercent } from '../probability.ts';
import type { Scorer, Vote } from '../vote.ts';
import { addFeature } from './features.ts';
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
  const terms = ML_FEATURES.map(({ name, meaning }, index) => ({
    index,
    name,
    meaning,
    weight: weights[name],
  }));
  const weighty = terms.filter(({ weight }) => weight !== 0);
  return {
    name: 'ml_based',
    score(input): Vote {
      const evidence = readEvidence(input);
      const values = readMlFeatures(evidence);
      const features: Record<string, number> = {};
      let logOdds = intercept + readContext(input).logOdds;
      if (evidence.isWhitelisted) logOdds += WHITELISTED_WEIGHT;
      let leading = LEAST_TELLING_CONTRIBUTION;
      let reason = '';
      for (const term of weighty) {
        const value = values[term.index] ?? 0;
        const contribution = value * term.weight;
        logOdds += contribution;
        addFeature(features, term.name, value);
        if (contribution > leading) {
          leading = contribution;
          reason = term.meaning;
        }
      }
      const score = roundToFourDecimals(probabilityOf(Math.min(logOdds, LARGEST_LOG_ODDS)));
      const coverage = measureCoverage(evidence);
      return {
        score,
        confidence: roundToFourDecimals(
          LEAST_CONFIDENCE + (1 - LEAST_CONFIDENCE) * coverage * (1 - measureEntropy(score) / 2),
        ),
        reasoning: explain(score, coverage, reason),
        features,
      };
    },
  };
}

export const mlBased = createMlScorer(model);

/** Share of the model's sources that answered, 0-1. */
function measureCoverage(evidence: Evidence): number {
  const feeds = evidence.vendors > 0 || evidence.lists > 0 ? COVERAGE.feeds : 0;
  return feeds + (evidence.hasAbuseAnswer ? COVERAGE.abuse : 0);
}

/** Binary entropy in bits, 0-1 (Shannon, 1948). */
function measureEntropy(probability: number): number {
  if (probability <= 0 || probability >= 1) return 0;
  const rest = 1 - probability;
  return -(probability * Math.log2(probability) + rest * Math.log2(rest));
}

function explain(score: number, coverage: number, reason: string): string {
  const probability = `Logistic model: ${toPercent(score)} %`;
  if (coverage === 0) return `${probability}, from the base rate, as no source answered.`;
  return reason === ''
    ? `${probability}; no feature raises it.`
    : `${probability}, raised most by ${reason}.`;
}
