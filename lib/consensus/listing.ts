/**
 * What a list says of the addresses on it.
 * - `malicious`, `suspicious`: they attack, or host what does; the difference is how sure the list is;
 * - `known-good`: public resolvers, name servers of the root and of top-level domains, update hosts of vendors. It outweighs
 *   other lists and unanswered inbound connections, which anybody can forge, and never what providers say;
 * - `infrastructure`: clouds, content networks, research scanners, Tor exits: named, and otherwise without a meaning.
 */
export const LIST_KINDS = ['malicious', 'suspicious', 'known-good', 'infrastructure'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** A list that an address is on, as of the connection. */
export interface Listing {
  /** Name of the list, up to 40 characters. */
  readonly source: string;
  readonly kind: ListKind;
  /** Lists that copy from one another are of one family, of which the strongest counts; the source where it is absent. */
  readonly family?: string;
  /**
   * Likelihood ratio, > 0: how many times likelier a malicious address is on the list than a harmless one. It is already
   * discounted for age. Of `known-good` and `infrastructure` it is 1.
   */
  readonly weight: number;
  /** The address has not been on the list for so many days or more; absent while it is. */
  readonly unlisted_days?: number;
}
