/**
 * The settings in force when something was assessed. An operator's settings start at version 1 again after a reset, so
 * only source, version and time together identify them.
 */
export interface SettingsStamp {
  readonly mode: 'legacy' | 'parallel' | 'consensus';
  /** In mode `parallel`: for how many percent of the addresses the consensus score was used. */
  readonly consensusPercent: number;
  /** Threat score from which an endpoint counted as malicious. */
  readonly maliciousThreshold: number;
  readonly origin: StampOrigin;
}

type StampOrigin =
  | {
      /** An operator's or a rollback's settings, or those of the deployment. */
      readonly source: 'operator' | 'initial';
      /** Version of the parameter that held them. */
      readonly version: number;
      /** When that version was written, epoch milliseconds. */
      readonly changedAtMs: number;
    }
  /** No parameter could be used. */
  | { readonly source: 'none' };

/**
 * The malicious threshold of a stamp that states none. It is a literal of the stored form rather than the engine's
 * default, since stored stamps must keep their meaning.
 */
const USUAL_MALICIOUS_THRESHOLD = 0.7;

/**
 * The stored form: one short text, since every item carries it. `parallel 25 v7@1764243000123` for an operator's
 * settings, `legacy 0 i1@1764243000123` for the initial ones, `legacy 0 none` if there were none, and a further number
 * if the malicious threshold is not the usual one.
 */
export function stampText({ origin, ...stamp }: SettingsStamp): string {
  const { mode, consensusPercent } = stamp;
  const from = origin.source === 'none' ? 'none' : originText(origin);
  return `${mode} ${consensusPercent} ${from}${thresholdText(stamp)}`;
}

function originText({ source, version, changedAtMs }: Exclude<StampOrigin, { source: 'none' }>): string {
  return `${source === 'operator' ? 'v' : 'i'}${version}@${changedAtMs}`;
}

/** A stamp for humans: `parallel 25 v7 of 2025-11-27T11:30:00.123Z`, `legacy 0 without settings`. */
export function stampTitle({ origin, ...stamp }: SettingsStamp): string {
  const title = `${stamp.mode} ${stamp.consensusPercent}${thresholdText(stamp)}`;
  if (origin.source === 'none') return `${title} without settings`;
  const { source, version, changedAtMs } = origin;
  const which = `${source === 'operator' ? '' : 'initial settings '}v${version}`;
  return `${title} ${which} of ${new Date(changedAtMs).toISOString()}`;
}

function thresholdText({ maliciousThreshold }: Pick<SettingsStamp, 'maliciousThreshold'>): string {
  return maliciousThreshold === USUAL_MALICIOUS_THRESHOLD ? '' : ` ${maliciousThreshold}`;
}

const STAMP = /^(legacy|parallel|consensus) (\d+) (?:none|([vi])(\d+)@(\d+))(?: (\d[\d.e-]*))?$/;

/** @returns undefined for a text that is not a stamp */
export function readStamp(text: string): SettingsStamp | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [, mode, percent, kind, version, changedAt, threshold] = match;
  return {
    mode: mode as SettingsStamp['mode'],
    consensusPercent: Number(percent),
    maliciousThreshold: threshold === undefined ? USUAL_MALICIOUS_THRESHOLD : Number(threshold),
    origin:
      kind === undefined
        ? { source: 'none' }
        : {
            source: kind === 'v' ? 'operator' : 'initial',
            version: Number(version),
            changedAtMs: Number(changedAt),
          },
  };
}

/** Threat score from which something counted as malicious when it was assessed; the usual one if there is no stamp. */
export function maliciousThresholdOf(settings: SettingsStamp | undefined): number {
  return settings?.maliciousThreshold ?? USUAL_MALICIOUS_THRESHOLD;
}
