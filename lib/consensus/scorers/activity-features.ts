import type { ActivityEvidence } from '../activity-evidence.ts';

/** Features of activity, all from 0 to 1; none decreases when more incriminating activity is seen. */
export const ACTIVITY_FEATURES = [
  'first_knocks',
  'knocks',
  'doors',
  'first_guesses',
  'guesses',
  'steadiness',
  'sameness',
  'calls',
  'other_port',
] as const;

export type ActivityFeatureName = (typeof ACTIVITY_FEATURES)[number];

/** Values in the order of {@link ACTIVITY_FEATURES}. */
export function readActivityFeatures(activity: ActivityEvidence): number[] {
  const { knocks, doors, guesses, calls, jitterPercent, sizeJitterPercent, isWeb } = activity;
  const isCalled = calls > 0 ? 1 : 0;
  return [
    upTo(knocks, FIRST_KNOCKS),
    onLogScale(knocks),
    onLogScale(doors),
    upTo(guesses, FIRST_GUESSES),
    onLogScale(guesses),
    isCalled * (1 - upTo(jitterPercent, LARGEST_JITTER_PERCENT)),
    isCalled * (1 - upTo(sizeJitterPercent, LARGEST_SIZE_JITTER_PERCENT)),
    onLogScale(calls),
    isCalled * (isWeb ? 0 : 1),
  ];
}

/** The first knocks and guesses say much each; further ones say how persistent the address is. */
const FIRST_KNOCKS = 3;
const FIRST_GUESSES = 10;
const LARGEST_JITTER_PERCENT = 50;
const LARGEST_SIZE_JITTER_PERCENT = 20;
const LARGEST_COUNT = 100;

function upTo(value: number, most: number): number {
  return Math.min(value, most) / most;
}

function onLogScale(count: number): number {
  return Math.log1p(Math.min(count, LARGEST_COUNT)) / Math.log1p(LARGEST_COUNT);
}
