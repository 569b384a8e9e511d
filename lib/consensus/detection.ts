/**
 * A rule of the site's intrusion detection that fired on connections of one endpoint within the unit they were stored
 * in. It is listed once, however often it fired.
 */
export interface Detection {
  /** The rule's own text, up to {@link LONGEST_SIGNATURE} characters; it is shown but never interpreted. */
  readonly signature: string;
  readonly signature_id?: number;
  /** 1 is the most severe, as in Suricata; 4 and above are remarks. */
  readonly severity: number;
  /**
   * Fired only on connections from outside without an answered TCP handshake: anybody can send those with a spoofed
   * address.
   */
  readonly forgeable?: true;
}

export const LONGEST_SIGNATURE = 120;

/**
 * The limit per record, and per endpoint for forgeable and for other detections separately. Further rules are left out,
 * least severe first: they add nothing about the endpoint.
 */
export const MOST_DETECTIONS = 8;
