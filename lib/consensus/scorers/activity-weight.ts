import type { ActivityEvidence } from '../activity-evidence.ts';
import { LARGEST_KNOCK_WEIGHT, LARGEST_RETRY_WEIGHT } from './activity-limits.ts';
import { boundWeight, createCountWeight } from './weight-of-evidence.ts';

/** Length of the table for knocks. */
const MOST_KNOCKS = 64;

/**
 * Connections of an address to closed services within a unit, as negative binomial counts: a third of the malicious
 * addresses in labelled sensor logs knock twice or more, and a few of them hundreds of times. About one in forty
 * harmless addresses knocks at all, and hardly any twice. The parameters are judgement based on those frequencies,
 * since the logs hold too few harmless addresses to fit.
 */
const weighKnocks = createCountWeight(
  { size: 0.7, continuation: 0.9 },
  { size: 0.05, continuation: 0.4 },
  MOST_KNOCKS,
);
/** Share of the addresses that knock for an unforeseen reason. */
const KNOCK_ERROR_RATE = 0.008;

/**
 * The weight of the first guesses that count, and of each doubling; a password is mistyped now and then, not by the
 * dozen.
 */
const GUESSING_WEIGHT = 2.6;
const GUESSES_COUNTED = 5;
const DOUBLED_GUESSES_WEIGHT = 0.9;
const LARGEST_GUESSING_WEIGHT = 5;

/** The weight of retries, and of each tenfold increase. */
const RETRY_WEIGHT = 1.3;
const TENFOLD_RETRIES_WEIGHT = 0.7;

/**
 * Properties of regular calls that are likelier for implants: each a likelihood ratio in log-odds, by judgement. RITA
 * scores regularity too; sizes that never change rule out content, and half of the harmless regular calls go to the
 * ports of the web.
 */
const CALL_WEIGHTS = {
  jitter: [
    { percent: 5, weight: 1.3 },
    { percent: 20, weight: 1.2 },
    { percent: 30, weight: 0.9 },
  ],
  size: [
    { percent: 5, weight: 1.4 },
    { percent: 15, weight: 0.9 },
  ],
  count: [
    { calls: 50, weight: 1.4 },
    { calls: 20, weight: 1.1 },
    { calls: 5, weight: 0.4 },
  ],
  otherPort: 0.8,
} as const;

/** Weight of an address's activity, log-odds; 0 if it says nothing. */
export function weighActivity(activity: ActivityEvidence): number {
  const { knocks, guesses, retries, calls } = activity;
  let weight = 0;
  if (knocks > 0)
    weight += Math.min(boundWeight(weighKnocks(knocks), KNOCK_ERROR_RATE), LARGEST_KNOCK_WEIGHT);
  if (guesses > 0) {
    const doublings = Math.log2(Math.max(1, guesses / GUESSES_COUNTED));
    weight += Math.min(GUESSING_WEIGHT + DOUBLED_GUESSES_WEIGHT * doublings, LARGEST_GUESSING_WEIGHT);
  }
  if (retries > 0) {
    weight += Math.min(RETRY_WEIGHT + TENFOLD_RETRIES_WEIGHT * Math.log10(retries), LARGEST_RETRY_WEIGHT);
  }
  return calls > 0 ? weight + weighCalls(activity) : weight;
}

function weighCalls({ calls, jitterPercent, sizeJitterPercent, isWeb }: ActivityEvidence): number {
  const jitter = CALL_WEIGHTS.jitter.find(({ percent }) => jitterPercent <= percent)?.weight ?? 0;
  const size = CALL_WEIGHTS.size.find(({ percent }) => sizeJitterPercent <= percent)?.weight ?? -0.4;
  const count = CALL_WEIGHTS.count.find((step) => calls >= step.calls)?.weight ?? 0;
  return Math.max(0, jitter + size + count + (isWeb ? 0 : CALL_WEIGHTS.otherPort));
}
