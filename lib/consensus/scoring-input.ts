import type { Activity } from './activity.ts';
import type { Detection } from './detection.ts';
import type { Listing } from './listing.ts';

/**
 * What the scorers see: one endpoint and what is known about it.
 *
 * Everything except `address` is optional, so that a bare address can be scored in the same way as a connection with
 * full context. Field names are those of the connection record (JSON, snake_case), since a scoring input is stored with
 * its verdict. Absent and undefined mean the same.
 */
export interface ScoringInput {
  /** Remote address in canonical form (IPv6 compressed and lower case, IPv4-mapped IPv6 as IPv4). */
  readonly address: string;
  /** Destination port of the connection, 0-65535. */
  readonly dst_port?: number;
  /** Transport protocol in lower case: `tcp`, `udp`, `icmp`, ... */
  readonly protocol?: string;
  /** Direction of the connection, seen from the monitored network. */
  readonly direction?: Direction;
  readonly threat_intel?: ThreatIntel | undefined;
  readonly geo_data?: GeoData | undefined;
  /** What the connections of the address in this direction show. */
  readonly activity?: Activity | undefined;
  /** Rules of the site's intrusion detection that fired on connections of the endpoint. */
  readonly detections?: readonly Detection[] | undefined;
  /**
   * Whole days between the last abuse report and the connection, >= 0. It is the only way in which the event's time
   * affects scoring; the engine itself has no clock.
   */
  readonly report_age_days?: number | undefined;
}

/**
 * `outbound`: a local host connected to a remote one. `inbound`: the reverse. `internal`: both sides are local.
 * `external`: neither is (transit traffic, or a sensor that does not know its networks).
 */
export const DIRECTIONS = ['outbound', 'inbound', 'internal', 'external'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What threat-intelligence sources say about the remote address; an absent source gave no answer. */
export interface ThreatIntel {
  readonly virustotal?: VirusTotalIntel;
  readonly abuseipdb?: AbuseIpdbIntel;
  /** Lists that name the address. */
  readonly listings?: readonly Listing[];
  readonly blocklist?: BlocklistIntel;
}

/** Verdicts of security vendors. `malicious_vendors + suspicious_vendors <= total_vendors`. */
export interface VirusTotalIntel {
  readonly malicious_vendors: number;
  readonly suspicious_vendors?: number;
  /** Vendors that answered; 0 means that the source had no answer. */
  readonly total_vendors: number;
}

/** Reports of abuse by users, over the last 90 days. */
export interface AbuseIpdbIntel {
  /** The source's own confidence of abuse, percent, 0-100. */
  readonly confidence_score: number;
  readonly total_reports: number;
  readonly num_distinct_users?: number;
  /** ISO 8601 or epoch seconds; scorers see it only as `report_age_days`. */
  readonly last_reported_at?: string | number;
  /** On the source's list of addresses whose reports are not to be trusted (resolvers, crawlers, ...). */
  readonly is_whitelisted?: boolean;
  readonly usage_type?: string;
  readonly is_tor?: boolean;
}

/** The number of blocklists that name the address, if the lists themselves are not known. `lists <= total_lists`. */
export interface BlocklistIntel {
  readonly lists: number;
  readonly total_lists: number;
}

export interface GeoData {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country_code?: string;
}
