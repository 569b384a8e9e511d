import type { ActivityEvidence } from '../activity-evidence.ts';
import { ACTIVITY_FEATURES, type ActivityFeatureName, readActivityFeatures } from './activity-features.ts';
import { LARGEST_KNOCK_WEIGHT, LARGEST_RETRY_WEIGHT } from './activity-limits.ts';

/** Fitted weights of the features of activity, log-odds; none is negative. */
export type ActivityWeights = Readonly<Record<ActivityFeatureName, number>>;

const LARGEST_WEIGHT = 5;
/** Labelled logs hold only retries of malware, never those of a harmless host: these weights are judgement. */
const RETRY_WEIGHT = 1;
const TENFOLD_RETRIES_WEIGHT = 0.8;

/** The contribution of activity to the log-odds, 0 if it says nothing. */
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
