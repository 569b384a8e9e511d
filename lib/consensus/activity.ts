/**
 * What the connections of one remote address in one direction show by themselves, within the unit that they were
 * stored in. Counts are in steps (see `lib/activity/steps.ts`), so that few distinct inputs arise. A figure that the
 * unit cannot tell is absent; 0 means that it was looked for and not found.
 */
export interface Activity {
  /** Connections, >= 1. */
  readonly connections: number;
  /** Distinct local hosts, >= 1. */
  readonly hosts: number;
  /** Distinct services: local host, port and protocol of inbound connections, port and protocol of outbound ones. */
  readonly services: number;
  /** Connections that were answered, those that were reset later included. */
  readonly answered?: number;
  /** Inbound: unanswered or refused connections to services that answered nobody in the unit. Outbound: to anything. */
  readonly knocks?: number;
  /** Distinct services among the knocks. */
  readonly doors?: number;
  /** Inbound: whether local hosts have been answered by the address when they began. */
  readonly is_partner?: true;
  /** Short answered exchanges with a login service, one soon after the other. */
  readonly guesses?: number;
  /** Median time between connections where they come at regular intervals, seconds. */
  readonly interval_seconds?: number;
  /** Median deviation from that interval as a share of it, percent. */
  readonly jitter_percent?: number;
  /** Median deviation of the bytes sent from their median as a share of it, percent; with `interval_seconds`. */
  readonly size_jitter_percent?: number;
  /** Other remote addresses that the same hosts call at about the same interval; with `interval_seconds`. */
  readonly companions?: number;
  /** Whether such a call takes a moment and brings little back; with `interval_seconds`. */
  readonly is_brief?: boolean;
  /** Bytes that local hosts sent, where they sent many times what they got. */
  readonly uploaded_bytes?: number;
}
