import { isTelling } from './activity-evidence.ts';
import type { Reading } from './reading.ts';
import type { EvidenceSource } from './verdict.ts';

/** The sources that had an answer about the address, in a fixed order. */
export function findEvidenceSources({ evidence, activity }: Reading): EvidenceSource[] {
  const sources: EvidenceSource[] = [];
  if (evidence.vendors > 0) sources.push('virustotal');
  if (evidence.hasAbuseAnswer) sources.push('abuseipdb');
  if (evidence.lists > 0) sources.push('blocklist');
  if (isTelling(activity)) sources.push('activity');
  return sources;
}
