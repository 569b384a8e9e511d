import type { ReadAssessment } from '../../store/address-item.ts';

/** The form in which commands print an assessment for programs. */
export function assessmentJson({
  id,
  address,
  ingestedAtMs,
  assessment,
  settings,
  connections,
}: ReadAssessment): string {
  const inForce = settings && {
    mode: settings.mode,
    consensus_percent: settings.consensusPercent,
    settings_version: settings.version,
    malicious_threshold: settings.maliciousThreshold,
  };
  return JSON.stringify({ id, address, ingested_at: ingestedAtMs, ...inForce, ...assessment, connections });
}
