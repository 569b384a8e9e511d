import { type ActivityEvidence, readActivity } from '../../consensus/activity-evidence.ts';
import { BASE_RATE, logOdds, roundToFourDecimals } from '../../consensus/probability.ts';
import {
  ACTIVITY_FEATURES,
  type ActivityFeatureName,
  readActivityFeatures,
} from '../../consensus/scorers/activity-features.ts';
import type { ActivityWeights } from '../../consensus/scorers/learned-activity.ts';
import { fitLogistic, type WeightedPoint } from '../fit-logistic.ts';
import type { ActiveAddress } from './active-address.ts';

const RIDGE = 1e-4;

const QUIET = {
  knocks: 0,
  doors: 0,
  hosts: 1,
  answered: 0,
  guesses: 0,
  retries: 0,
  calls: 0,
  intervalSeconds: 0,
};
const UNLIKE = { jitterPercent: 100, sizeJitterPercent: 100, isWeb: false };

/**
 * Benign addresses that look malicious, as a share of all benign ones: late packets, mistyped addresses and peers of
 * programs that have ended; forgotten passwords; heartbeats of devices. Labelled logs contain hardly any, because every
 * unanswered connection gets labelled as an attack; without these, a single one would be proof. The shares are
 * judgement.
 */
const HARMLESS: ReadonlyArray<{ readonly activity: ActivityEvidence; readonly share: number }> = [
  { activity: { ...QUIET, ...UNLIKE, knocks: 1, doors: 1 }, share: 0.02 },
  { activity: { ...QUIET, ...UNLIKE, knocks: 2, doors: 1 }, share: 0.0015 },
  { activity: { ...QUIET, ...UNLIKE, knocks: 2, doors: 2 }, share: 0.0007 },
  { activity: { ...QUIET, ...UNLIKE, knocks: 3, doors: 1 }, share: 0.0003 },
  { activity: { ...QUIET, ...UNLIKE, guesses: 5 }, share: 0.003 },
  { activity: { ...QUIET, calls: 20, jitterPercent: 1, sizeJitterPercent: 20, isWeb: true }, share: 0.004 },
  { activity: { ...QUIET, calls: 20, jitterPercent: 1, sizeJitterPercent: 0, isWeb: true }, share: 0.0002 },
  { activity: { ...QUIET, calls: 20, jitterPercent: 50, sizeJitterPercent: 20, isWeb: false }, share: 0.003 },
];

/**
 * Fits the activity weights of the learned model: a logistic regression without negative weights. Classes are weighted
 * to the base rate, so that the model ranks well and answers the base rate without evidence; the prevalence of a
 * labelled log is artificial and no guide.
 */
export function fitActivityModel(addresses: readonly ActiveAddress[]): ActivityWeights {
  // In labelled logs only malware retries, so retries get a weight of their own.
  const seen = addresses.flatMap(({ inputs: [first], isMalicious }) => {
    if (first === undefined || isMalicious === undefined) return [];
    const activity = readActivity(first.input);
    return activity.retries > 0 ? [] : { activity, isMalicious };
  });
  const malicious = Map.groupBy(
    seen.filter(({ isMalicious }) => isMalicious),
    ({ activity }) => kindOf(activity),
  );
  const benign = seen.filter(({ isMalicious }) => !isMalicious);
  const points: WeightedPoint[] = benign.map(({ activity }) => ({
    values: readActivityFeatures(activity),
    maliciousWeight: 0,
    benignWeight: (1 - BASE_RATE) / benign.length,
  }));
  // Unanswered connections outnumber all other patterns a hundredfold, so each pattern gets the same total weight.
  for (const kind of malicious.values()) {
    const maliciousWeight = BASE_RATE / malicious.size / kind.length;
    for (const { activity } of kind) {
      points.push({ values: readActivityFeatures(activity), maliciousWeight, benignWeight: 0 });
    }
  }
  for (const { activity, share } of HARMLESS) {
    const values = readActivityFeatures(activity);
    points.push({ values, maliciousWeight: 0, benignWeight: (1 - BASE_RATE) * share });
  }
  const { weights } = fitLogistic(points, {
    intercept: logOdds(BASE_RATE),
    ranges: ACTIVITY_FEATURES.map(() => ({ lowest: 0, highest: Number.POSITIVE_INFINITY })),
    ridge: RIDGE,
  });
  const named = ACTIVITY_FEATURES.map((name, i) => [name, roundToFourDecimals(weights[i] ?? 0)] as const);
  return Object.fromEntries(named) as Record<ActivityFeatureName, number>;
}

function kindOf({ guesses, calls, knocks }: ActivityEvidence): string {
  if (guesses > 0) return 'guesses';
  if (calls > 0) return 'calls';
  return knocks > 0 ? 'knocks' : 'nothing';
}
