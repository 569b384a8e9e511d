import type { ReadAssessment } from '../../../store/read-address-items.ts';

/**
 * The form in which commands print an assessment for programs.
 *
 * @param further what else is to be printed of it
 */
export function assessmentJson(
  { id, address, ingestedAtMs, assessment, settings, connections }: ReadAssessment,
  further: object = {},
): string {
  const inForce = settings && {
    mode: settings.mode,
    consensus_percent: settings.consensusPercent,
    settings_version: settings.version,
    malicious_threshold: settings.maliciousThreshold,
  };
  const about = { id, address, ingested_at: ingestedAtMs };
  return JSON.stringify({ ...about, ...inForce, ...assessment, ...further, connections });
}
