import { combineFamilies, type ListingEvidence } from '../listing-evidence.ts';
import { boundWeight } from './weight-of-evidence.ts';

/** Share of addresses about which a list is plainly wrong: it bounds the weight of all lists to 5.5 in log-odds. */
const LIST_ERROR_RATE = 0.004;

/** Lists as weights of evidence, log-odds: their likelihood ratios, bounded by the share of errors. */
export function weighListings({ families }: ListingEvidence): number {
  return families.length === 0 ? 0 : boundWeight(combineFamilies(families), LIST_ERROR_RATE);
}

/**
 * Lists as two features that level off, log-odds: the strength of the strongest list, and the number of families with
 * more than a negligible weight. No labelled set says which lists name its addresses, so both scales are judgement, set
 * so that a list which is fifty times likelier to name a malicious address leads to 70 % on its own.
 */
export function measureListings({ families }: ListingEvidence): number {
  const strongest = families[0]?.weight ?? 0;
  let further = -1;
  for (const { weight } of families) if (weight >= TELLING_WEIGHT) further++;
  const crowd = further > 0 ? WEIGHT_OF_A_CROWD * Math.log2(1 + further) : 0;
  return Math.min(MOST_OF_ONE * (1 - Math.exp(-strongest / SCALE_OF_ONE)) + crowd, MOST_OF_ALL);
}

const TELLING_WEIGHT = Math.log(4);
const MOST_OF_ONE = 7.1;
const SCALE_OF_ONE = 5.5;
const WEIGHT_OF_A_CROWD = 0.7;
const MOST_OF_ALL = 6;

/** Weight of a list of harmless addresses if no provider has evidence against the address; log-odds. */
const KNOWN_GOOD_WEIGHT = -1.2;

/**
 * Weight of an address that is known to be good: it lowers the base rate but never providers' evidence.
 *
 * @param providers weight of vendors and reports, log-odds
 */
export function weighKnownGood({ knownGood }: ListingEvidence, providers: number): number {
  return knownGood !== undefined && providers <= 0 ? KNOWN_GOOD_WEIGHT : 0;
}
