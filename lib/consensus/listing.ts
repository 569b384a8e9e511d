/**
 * The meaning of a list:
 * - `malicious`, `suspicious`: its addresses attack, or host attackers; the difference is how sure the list is;
 * - `known-good`: public resolvers, name servers of the root and of top-level domains, update hosts of vendors. It
 *   outweighs other lists and unanswered inbound connections, which anybody can forge, but never providers' answers;
 * - `infrastructure`: clouds, content delivery networks, research scanners, Tor exits: shown, but without weight.
 */
export const LIST_KINDS = ['malicious', 'suspicious', 'known-good', 'infrastructure'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** A list that an address is on, as of the connection. */
export interface Listing {
  /** Name of the list, up to 40 characters. */
  readonly source: string;
  readonly kind: ListKind;
  /** Lists that copy from each other form one family, in which only the strongest counts; defaults to the source. */
  readonly family?: string;
  /**
   * Likelihood ratio, > 0: how many times likelier a malicious address is on the list than a harmless one. It is
   * already discounted for age. For `known-good` and `infrastructure` it is 1.
   */
  readonly weight: number;
  /** The address has been off the list for at least this many days; absent while it is listed. */
  readonly unlisted_days?: number;
}
