/** Number of addresses with evidence, by source. */
export interface EvidenceCounts {
  /** All assessed addresses. */
  readonly addresses: number;
  /** Names of lists, `virustotal`, `abuseipdb`, `activity`, `detections`; sources with most addresses first. */
  readonly sources: readonly { readonly source: string; readonly addresses: number }[];
}
