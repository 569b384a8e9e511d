import type { ActivityEvidence } from '../activity-evidence.ts';
import { ACTIVITY_FEATURES, type ActivityFeatureName, readActivityFeatures } from './activity-features.ts';

/** Fitted weights of the features of activity, log-odds; none is negative. */
export type ActivityWeights = Readonly<Record<ActivityFeatureName, number>>;

/** Anybody can forge a knock: with the base rate and any context the score stays below 0.85. */
const LARGEST_KNOCK_WEIGHT = 4.2;
const LARGEST_WEIGHT = 5;
/**
 * Labelled logs hold retries of malware only, never those of a harmless host: these weights are judgement, and bounded so
 * that retries alone stay at 0.6 or below.
 */
const RETRY_WEIGHT = 1;
const TENFOLD_RETRIES_WEIGHT = 0.8;
const LARGEST_RETRY_WEIGHT = 2.8;

/** What activity adds to the log-odds, 0 where it says nothing. */
export function createActivityWeight(weights: ActivityWeights): (activity: ActivityEvidence) => number {
  const inOrder = ACTIVITY_FEATURES.map((name) => weights[name]);
  return (activity) => {
    const { retries, guesses, calls } = activity;
    if (retries > 0) {
      return Math.min(RETRY_WEIGHT + TENFOLD_RETRIES_WEIGHT * Math.log10(retries), LARGEST_RETRY_WEIGHT);
    }
    const weight = readActivityFeatures(activity).reduce(
      (sum, value, i) => sum + value * (inOrder[i] ?? 0),
      0,
    );
    return Math.min(weight, guesses + calls > 0 ? LARGEST_WEIGHT : LARGEST_KNOCK_WEIGHT);
  };
}
