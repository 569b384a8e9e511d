/**
 * What the connections of one remote address in one direction show by themselves, within the unit they were stored in.
 * Counts are in steps (see `lib/activity/steps.ts`), so that there are few distinct inputs. A figure that cannot be
 * derived from the unit is absent; 0 means that it was looked for and not found.
 */
export interface Activity {
  /** Connections, >= 1. */
  readonly connections: number;
  /** Distinct local hosts, >= 1. */
  readonly hosts: number;
  /** Distinct services: local host, port and protocol of inbound connections, port and protocol of outbound ones. */
  readonly services: number;
  /** Connections that were answered, including those reset later. */
  readonly answered?: number;
  /**
   * Inbound: unanswered or refused connections to services that answered no one in the unit; those to a port that many
   * peers look for count as one. Outbound: all unanswered or refused connections.
   */
  readonly knocks?: number;
  /** Distinct services among the knocks. */
  readonly doors?: number;
  /** Inbound: whether the address has answered connections that local hosts began. */
  readonly is_partner?: true;
  /** Short answered exchanges with a login service, in close succession. */
  readonly guesses?: number;
  /** Median time between connections if they are at regular intervals, seconds. */
  readonly interval_seconds?: number;
  /** Median deviation from that interval as a share of it, percent. */
  readonly jitter_percent?: number;
  /** Median deviation of the bytes sent from their median as a share of it, percent; with `interval_seconds`. */
  readonly size_jitter_percent?: number;
  /** Other remote addresses that the same hosts call at about the same interval; with `interval_seconds`. */
  readonly companions?: number;
  /** Whether such a call is short and returns little; with `interval_seconds`. */
  readonly is_brief?: boolean;
  /** Bytes that local hosts sent, if they sent many times what they received. */
  readonly uploaded_bytes?: number;
}
