/** Of how many addresses there is evidence, by source. */
export interface EvidenceCounts {
  /** All that were assessed. */
  readonly addresses: number;
  /** Names of lists, `virustotal`, `abuseipdb`, `activity`, `detections`; those with most addresses first. */
  readonly sources: readonly { readonly source: string; readonly addresses: number }[];
}
