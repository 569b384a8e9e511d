/** Which settings were in force when something was assessed. */
export interface SettingsStamp {
  readonly mode: 'legacy' | 'parallel' | 'consensus';
  /** In mode `parallel`: for how many of a hundred addresses the consensus score was used. */
  readonly consensusPercent: number;
  /** Version of the settings parameter; 0 where none could be used. */
  readonly version: number;
  /** Threat score from which an endpoint counted as malicious. */
  readonly maliciousThreshold: number;
}

/**
 * What a stamp means that states no malicious threshold. A literal of the stored form: it does not follow the engine's
 * default, since what is stored must go on meaning the same.
 */
const USUAL_MALICIOUS_THRESHOLD = 0.7;

/**
 * The stored form: one short text, since every item carries it. `parallel 25 v7`, and a further number where the
 * malicious threshold is not the usual one.
 */
export function stampText({ mode, consensusPercent, version, maliciousThreshold }: SettingsStamp): string {
  const threshold = maliciousThreshold === USUAL_MALICIOUS_THRESHOLD ? '' : ` ${maliciousThreshold}`;
  return `${mode} ${consensusPercent} v${version}${threshold}`;
}

const STAMP = /^(legacy|parallel|consensus) (\d+) v(\d+)(?: (\d[\d.e-]*))?$/;

/** @returns undefined for a text that is no stamp */
export function readStamp(text: string): SettingsStamp | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [, mode, percent, version, threshold] = match;
  return {
    mode: mode as SettingsStamp['mode'],
    consensusPercent: Number(percent),
    version: Number(version),
    maliciousThreshold: threshold === undefined ? USUAL_MALICIOUS_THRESHOLD : Number(threshold),
  };
}

/** Threat score from which something counted as malicious when it was assessed; the usual one where it has no stamp. */
export function maliciousThresholdOf(settings: SettingsStamp | undefined): number {
  return settings?.maliciousThreshold ?? USUAL_MALICIOUS_THRESHOLD;
}
