/**
 * A rule of the site's intrusion detection that fired on connections of one endpoint within the unit that they were stored
 * in. However often it fired, it is there once.
 */
export interface Detection {
  /** The rule's own words, up to {@link LONGEST_SIGNATURE} characters: shown, and never interpreted. */
  readonly signature: string;
  readonly signature_id?: number;
  /** 1 is the gravest, as Suricata counts; 4 and beyond are remarks. */
  readonly severity: number;
  /** Fired on connections from outside alone that show no answered TCP handshake: anybody can send those in any name. */
  readonly forgeable?: true;
}

export const LONGEST_SIGNATURE = 120;

/** Of a record, and of an endpoint those that can be forged and those that can't: further rules are left out, the least grave first: they say nothing more about the endpoint. */
export const MOST_DETECTIONS = 8;
