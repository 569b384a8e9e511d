import type { FamilyListing, ListingEvidence } from '../listing-evidence.ts';

/** If a list is this strong, the address is malicious with the rule's weight as probability for this reason alone. */
interface ListRule {
  /** Smallest likelihood ratio for which the rule holds. */
  readonly ratio: number;
  /** Probability that this rung adds, 0-1 exclusive. */
  readonly weight: number;
}

/**
 * Lists by class rather than by their exact weight: hearsay (2), a weak list (8), a fair one (30), a good one (50), one
 * that is hardly ever wrong (300). The weights are judgement, so that a weak list alone leads to 0.4 to 0.55 and a good
 * one to 0.76.
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

/** The contributions of a second, third and fourth list of other families; any further ones repeat others. */
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

const LADDERS = [STRONGEST, ...FURTHER];

/** Share of the base rate that remains if a list says the address is good. */
export const KNOWN_GOOD_FACTOR = 0.4;

/** The probability that the address is harmless, given its listings. */
export function survivalOfLists({ families }: ListingEvidence): number {
  let survival = 1;
  for (let place = 0; place < families.length && place < LADDERS.length; place++)
    survival *= survivalOf(LADDERS[place] ?? [], families[place]);
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
