import type { ReadAssessment } from '../../../store/read-address-items.ts';
import type { SettingsStamp } from '../../../store/settings-stamp.ts';

/**
 * An assessment as JSON, for programs.
 *
 * @param further additional fields to print
 */
export function assessmentJson(
  { id, address, ingestedAtMs, assessment, settings, connections }: ReadAssessment,
  further: object = {},
): string {
  const inForce = settings && {
    mode: settings.mode,
    consensus_percent: settings.consensusPercent,
    ...originJson(settings.origin),
    malicious_threshold: settings.maliciousThreshold,
  };
  const about = { id, address, ingested_at: ingestedAtMs };
  return JSON.stringify({ ...about, ...inForce, ...assessment, ...further, connections });
}

/** Version and time together identify settings, since versions start at 1 again after a reset. */
function originJson(origin: SettingsStamp['origin']): object {
  if (origin.source === 'none') return { settings_source: 'none' };
  const { source, version, changedAtMs } = origin;
  return { settings_source: source, settings_version: version, settings_changed_at: changedAtMs };
}
