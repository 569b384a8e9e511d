import type { Listing } from '../../consensus/listing.ts';
import { HALF_LIVES_KEPT, isNeutral, type ListTraits } from './list-traits.ts';

/** A list that names an address. */
export interface ListMatch {
  readonly list: ListTraits;
  /** The last day on which it did, days since the epoch (UTC). */
  readonly lastListedDay: number;
}

const SECONDS_PER_DAY = 86_400;

/** Most listings scored and stored with a verdict: more of one address add nothing. */
const MOST_LISTINGS = 12;

/**
 * The day of a connection, from which ages of listings count.
 *
 * @param timestamp epoch seconds
 */
export function dayOfConnection(timestamp: number): number {
  return Math.floor(timestamp / SECONDS_PER_DAY);
}

/**
 * The number of whole half-lives between the day on which an address was last listed and a connection: 0, 1 or 2;
 * undefined if it is no longer listed. A connection before that day, as in an older recording, has age 0.
 */
export function ageOf({ list, lastListedDay }: ListMatch, connectionDay: number): number | undefined {
  const age = Math.max(0, Math.floor((connectionDay - lastListedDay) / list.halfLifeDays));
  return age < HALF_LIVES_KEPT ? age : undefined;
}

/**
 * Listings with their weights as of a connection: each half-life halves the logarithm of the weight. Their order is
 * fixed, and if there are too many, the least important are left out: the strongest of each family come before the rest
 * of it.
 */
export function effectiveListings(matches: readonly ListMatch[], connectionDay: number): Listing[] {
  const listings: Listing[] = [];
  for (const match of matches) {
    const age = ageOf(match, connectionDay);
    if (age !== undefined) listings.push(listingOf(match.list, age));
  }
  return listings.length < 2 ? listings : inOrder(listings).slice(0, MOST_LISTINGS);
}

function listingOf({ source, kind, family, weight, halfLifeDays }: ListTraits, age: number): Listing {
  return {
    source,
    kind,
    ...(family !== source && { family }),
    weight: isNeutral(kind) ? 1 : rounded(weight ** (0.5 ** age)),
    ...(age > 0 && { unlisted_days: age * halfLifeDays }),
  };
}

/** No weight is known to more than four digits. */
function rounded(weight: number): number {
  return Number(weight.toPrecision(4));
}

function inOrder(listings: readonly Listing[]): Listing[] {
  const sorted = listings.toSorted(
    (a, b) => b.weight - a.weight || (a.source < b.source ? -1 : a.source > b.source ? 1 : 0),
  );
  const families = new Set<string>();
  const ranked = sorted.map((listing) => {
    const { kind, source, family = source } = listing;
    const isCopy = families.has(family);
    if (!isNeutral(kind)) families.add(family);
    const rank = kind === 'known-good' ? 0 : kind === 'infrastructure' ? 2 : isCopy ? 3 : 1;
    return { listing, rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ listing }) => listing);
}
