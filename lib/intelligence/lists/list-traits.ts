import * as z from 'zod';
import { LIST_KINDS, type ListKind } from '../../consensus/listing.ts';
import { isListName, LIST_NAME_RULE } from '../../records/list-name.ts';

/** The publisher of a list and how far it is trusted. */
export interface ListTraits {
  /** Its name, under which it is replaced and which verdicts give as the reason. */
  readonly source: string;
  readonly kind: ListKind;
  /** Lists that copy from each other form one family, in which only the strongest counts. */
  readonly family: string;
  /** Likelihood ratio of being listed, malicious to harmless addresses, more than 1; 1 for the neutral kinds. */
  readonly weight: number;
  /**
   * Days after which the logarithm of the weight has halved, counted from when an address was last listed; after three
   * half-lives the address is no longer on the list.
   */
  readonly halfLifeDays: number;
}

/** More than any list deserves: with even prior odds, one address in a thousand on it would be harmless. */
export const LARGEST_WEIGHT = 1_000;
export const LONGEST_HALF_LIFE_DAYS = 365;
/** An entry is dropped after this many half-lives. */
export const HALF_LIVES_KEPT = 3;

const listName = z.string().refine(isListName, LIST_NAME_RULE);

/** The kinds without weight: being listed makes an address neither likelier nor less likely to be malicious. */
export function isNeutral(kind: ListKind): boolean {
  return kind === 'known-good' || kind === 'infrastructure';
}

/** Fields of {@link ListTraits}, each checked separately; `checkWeight` checks their combination. */
export const LIST_TRAIT_FIELDS = {
  source: listName,
  kind: z.enum(LIST_KINDS),
  family: listName,
  weight: z.number().min(1).max(LARGEST_WEIGHT),
  halfLifeDays: z.int().min(1).max(LONGEST_HALF_LIFE_DAYS),
};

/** @returns why a weight does not fit a kind; undefined if it does */
export function checkWeight({ kind, weight }: Pick<ListTraits, 'kind' | 'weight'>): string | undefined {
  if (isNeutral(kind)) return weight === 1 ? undefined : `a ${kind} list has no weight`;
  return weight > 1 ? undefined : `the weight of a ${kind} list is more than 1`;
}
