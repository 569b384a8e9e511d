import type { Listing } from './listing.ts';
import type { BlocklistIntel, ScoringInput, ThreatIntel } from './scoring-input.ts';

/** The evidence of one family of lists against an address, given by its strongest list. */
export interface FamilyListing {
  /** Name of that list, or the number of lists that a record gives. */
  readonly name: string;
  /** Logarithm of its likelihood ratio (log-odds), > 0. */
  readonly weight: number;
  /** The address has been off the list for at least this many days; 0 while it is listed. */
  readonly unlistedDays: number;
}

/** Listings as plain numbers, the same for every scorer. */
export interface ListingEvidence {
  /** Families with evidence against the address, the strongest first; none if the address is known to be good. */
  readonly families: readonly FamilyListing[];
  /** Name of a list that says the address is good; undefined if none does. */
  readonly knownGood: string | undefined;
  /** Name of a list that says it is infrastructure, which has no weight. */
  readonly infrastructure: string | undefined;
}

const NOTHING: ListingEvidence = { families: [], knownGood: undefined, infrastructure: undefined };

/** Limit for families that count, and for lists whose names are read. */
const MOST_LISTINGS = 64;
const LONGEST_NAME = 40;
const LARGEST_WEIGHT = Math.log(1_000);
/** AbuseIPDB's list and its answer rest on the same reports: if there is an answer, the list adds nothing. */
const ABUSE_FAMILY = 'abuseipdb';

/**
 * A record that only counts lists does not say which: they are one family. A single one is a weak list. As many of them
 * copy from each other, three are about as good as one good list, and no number is better than the best.
 */
const WEIGHT_OF_A_COUNTED_LIST = 12;
const POWER_OF_COUNTED_LISTS = 1.5;
const LARGEST_COUNTED_WEIGHT = 200;

export function readListings({ threat_intel }: Pick<ScoringInput, 'threat_intel'>): ListingEvidence {
  if (threat_intel?.listings == null && threat_intel?.blocklist == null) return NOTHING;
  const { listings, blocklist, abuseipdb } = threat_intel;
  const strongest = new Map<string, FamilyListing>();
  let knownGood: string | undefined;
  let infrastructure: string | undefined;
  for (const { source, kind, family = source, weight, unlisted_days } of inForce(listings)) {
    const name = source.slice(0, LONGEST_NAME);
    if (kind === 'known-good') knownGood = firstByName(knownGood, name);
    else if (kind === 'infrastructure') infrastructure = firstByName(infrastructure, name);
    else if (family !== ABUSE_FAMILY || abuseipdb == null) {
      add(strongest, family, { name, weight: logarithmOf(weight), unlistedDays: unlisted_days ?? 0 });
    }
  }
  const counted = countedLists(blocklist);
  if (counted !== undefined) add(strongest, '', counted);
  if (knownGood !== undefined) return { families: [], knownGood, infrastructure };
  return { families: [...strongest.values()].sort(byWeight), knownGood, infrastructure };
}

/** Whether a list says the address is good. */
export function isKnownGood(threatIntel: ThreatIntel | null | undefined): boolean {
  return (
    threatIntel?.listings != null && inForce(threatIntel.listings).some(({ kind }) => kind === 'known-good')
  );
}

/** Whether lists say anything that can move a score. */
export function haveListings({ families, knownGood }: ListingEvidence): boolean {
  return families.length > 0 || knownGood !== undefined;
}

/** Records carry listings too: malformed ones are ignored. */
function inForce(listings: readonly Listing[] | null | undefined): readonly Listing[] {
  if (!Array.isArray(listings)) return [];
  return listings
    .slice(0, MOST_LISTINGS)
    .filter((listing) => typeof listing?.source === 'string' && typeof listing.kind === 'string');
}

function add(strongest: Map<string, FamilyListing>, family: string, listing: FamilyListing): void {
  if (!(listing.weight > 0)) return;
  const known = strongest.get(family);
  if (known === undefined || byWeight(listing, known) < 0) strongest.set(family, listing);
}

/** Equally strong ones are ordered by name, so that the result does not depend on the order of the input. */
function byWeight(a: FamilyListing, b: FamilyListing): number {
  return (
    b.weight - a.weight || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.unlistedDays - b.unlistedDays)
  );
}

function firstByName(one: string | undefined, other: string): string {
  return one === undefined || other < one ? other : one;
}

function logarithmOf(weight: number): number {
  return typeof weight === 'number' && weight > 0 ? Math.min(Math.log(weight), LARGEST_WEIGHT) : 0;
}

function countedLists(blocklist: BlocklistIntel | null | undefined): FamilyListing | undefined {
  const lists = Math.min(positive(blocklist?.lists), positive(blocklist?.total_lists));
  if (!(lists > 0)) return undefined;
  const weight = Math.min(WEIGHT_OF_A_COUNTED_LIST * lists ** POWER_OF_COUNTED_LISTS, LARGEST_COUNTED_WEIGHT);
  return {
    name: lists === 1 ? 'a blocklist' : 'several blocklists',
    weight: Math.log(weight),
    unlistedDays: 0,
  };
}

function positive(value: number | null | undefined): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

/**
 * Lists of different families still read each other's sources: each further one counts with this power of its weight.
 */
const FURTHER_FAMILY_POWER = 0.5;

/** The combined weight of all families, log-odds: the strongest in full, each further one in part. */
export function combineFamilies(families: readonly FamilyListing[]): number {
  let sum = 0;
  for (const { weight } of families) sum += weight;
  return (1 - FURTHER_FAMILY_POWER) * (families[0]?.weight ?? 0) + FURTHER_FAMILY_POWER * sum;
}

/** Summarizes the listings for an analyst: `a listing on DShield until 14+ days ago and 2 more lists`. */
export function describeListings({ families, knownGood }: ListingEvidence): string {
  if (knownGood !== undefined) return `a known-good listing on ${knownGood}`;
  const [strongest] = families;
  if (strongest === undefined) return 'no listing';
  const { name, unlistedDays } = strongest;
  const until = unlistedDays > 0 ? ` until ${unlistedDays}+ days ago` : '';
  const more = families.length - 1;
  return `a listing on ${name}${until}${more > 0 ? ` and ${more} more ${more === 1 ? 'list' : 'lists'}` : ''}`;
}
