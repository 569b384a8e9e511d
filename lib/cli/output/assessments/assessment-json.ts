import type { ReadAssessment } from '../../../store/read-address-items.ts';
import type { SettingsStamp } from '../../../store/settings-stamp.ts';

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
    ...originJson(settings.origin),
    malicious_threshold: settings.maliciousThreshold,
  };
  const about = { id, address, ingested_at: ingestedAtMs };
  return JSON.stringify({ ...about, ...inForce, ...assessment, ...further, connections });
}

/** Version and time together identify settings: versions begin at 1 again after a reset. */
function originJson(origin: SettingsStamp['origin']): object {
  if (origin.source === 'none') return { settings_source: 'none' };
  const { source, version, changedAtMs } = origin;
  return { settings_source: source, settings_version: version, settings_changed_at: changedAtMs };
}
