import type { FamilyListing, ListingEvidence } from '../listing-evidence.ts';

/** When a list is so strong, the address is malicious with the rule's weight as probability for this reason alone. */
interface ListRule {
  /** Likelihood ratio from which on the rule holds. */
  readonly ratio: number;
  /** Probability that this rung adds, 0-1 exclusive. */
  readonly weight: number;
}

/**
 * Lists by class rather than by their exact weight: hearsay (2), a weak list (8), a fair one (30), a good one (50), one that
 * hardly ever errs (300). The weights are judgement, so that a weak list alone makes 0.4 to 0.55 and a good one 0.76.
 */
const STRONGEST: readonly ListRule[] = [
  { ratio: 2, weight: 0.08 },
  { ratio: 4, weight: 0.13 },
  { ratio: 8, weight: 0.2 },
  { ratio: 16, weight: 0.22 },
  { ratio: 30, weight: 0.28 },
  { ratio: 50, weight: 0.31 },
  { ratio: 100, weight: 0.28 },
  { ratio: 300, weight: 0.33 },
];

/** What a second list of another family adds, the third and the fourth; those behind them repeat others. */
const FURTHER: readonly (readonly ListRule[])[] = [
  [
    { ratio: 4, weight: 0.2 },
    { ratio: 8, weight: 0.25 },
    { ratio: 50, weight: 0.25 },
  ],
  [
    { ratio: 4, weight: 0.2 },
    { ratio: 8, weight: 0.2 },
  ],
  [{ ratio: 4, weight: 0.2 }],
];

/** Share that the base rate keeps where a list knows the address to be good. */
export const KNOWN_GOOD_FACTOR = 0.4;

/** What no list rules out: the probability that the address is harmless, as far as lists can say. */
export function survivalOfLists({ families }: ListingEvidence): number {
  let survival = 1;
  for (const [place, ladder] of [STRONGEST, ...FURTHER].entries())
    survival *= survivalOf(ladder, families[place]);
  return survival;
}

function survivalOf(ladder: readonly ListRule[], family: FamilyListing | undefined): number {
  let survival = 1;
  if (family === undefined) return survival;
  const ratio = Math.exp(family.weight) * ROUNDING;
  for (const rule of ladder) if (ratio >= rule.ratio) survival *= 1 - rule.weight;
  return survival;
}

/** The logarithm and its inverse lose the last digit. */
const ROUNDING = 1 + 1e-9;
