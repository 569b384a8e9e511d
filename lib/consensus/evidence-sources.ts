import { isTelling } from './activity-evidence.ts';
import { haveDetections } from './detection-evidence.ts';
import { haveListings } from './listing-evidence.ts';
import type { Reading } from './reading.ts';
import type { EvidenceSource } from './verdict.ts';

/** The sources that had an answer about the address, in a fixed order. */
export function findEvidenceSources({ evidence, listings, activity, detections }: Reading): EvidenceSource[] {
  const sources: EvidenceSource[] = [];
  if (evidence.vendors > 0) sources.push('virustotal');
  if (evidence.hasAbuseAnswer) sources.push('abuseipdb');
  if (haveListings(listings)) sources.push('listings');
  if (isTelling(activity)) sources.push('activity');
  if (haveDetections(detections)) sources.push('detections');
  return sources;
}
