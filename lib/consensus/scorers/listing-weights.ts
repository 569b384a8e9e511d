import { combineFamilies, type ListingEvidence } from '../listing-evidence.ts';
import { boundWeight } from './weight-of-evidence.ts';

/** Share of addresses about which a list is plainly wrong: it bounds what all lists say to 5.5 nats. */
const LIST_ERROR_RATE = 0.004;

/** Lists as weights of evidence: their likelihood ratios, as far as a list is ever right. Nats. */
export function weighListings({ families }: ListingEvidence): number {
  return families.length === 0 ? 0 : boundWeight(combineFamilies(families), LIST_ERROR_RATE);
}

/**
 * Lists as two features that level off: how strong the strongest is, and how many families there are that say more than
 * next to nothing. No labelled set says which lists name its addresses, so that both scales are judgement, set so that a
 * list that is fifty times likelier to name a malicious address makes 70 % on its own. Nats.
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

/** What a list of harmless addresses says if no provider speaks against the address; log-odds. */
const KNOWN_GOOD_WEIGHT = -1.2;

/**
 * Weight of an address that is known to be good: it lowers the base rate and never what providers say.
 *
 * @param providers what vendors and reports weigh, nats
 */
export function weighKnownGood({ knownGood }: ListingEvidence, providers: number): number {
  return knownGood !== undefined && providers <= 0 ? KNOWN_GOOD_WEIGHT : 0;
}
