import { createConsensus } from '../consensus/consensus.ts';
import { legacyScore } from '../cutover/legacy-score.ts';
import type { SettingsInForce } from '../cutover/settings-reader.ts';
import type { SettingsStamp } from '../store/settings-stamp.ts';
import { createAssess } from './assess.ts';
import type { ScoringOptions } from './score-unit.ts';

/** Scoring options that derive from the settings. */
export type SettledOptions = Required<
  Pick<ScoringOptions, 'assess' | 'maliciousThreshold' | 'divergenceThreshold' | 'settings'>
>;

/** Until the settings are read again, invocations share the options derived from them, compiled code included. */
const settled = new WeakMap<SettingsInForce, SettledOptions>();

/** Returns the scoring options that derive from the settings in force. */
export function settledOptions(inForce: SettingsInForce): SettledOptions {
  const known = settled.get(inForce) ?? settle(inForce);
  settled.set(inForce, known);
  return known;
}

/** The stamp stored with everything assessed under these settings. */
export function stampOf({ settings, origin }: SettingsInForce): SettingsStamp {
  const { mode, consensusPercent, maliciousThreshold } = settings;
  return { mode, consensusPercent, maliciousThreshold, origin };
}

function settle(inForce: SettingsInForce): SettledOptions {
  const { settings } = inForce;
  const { maliciousThreshold, divergenceThreshold } = settings;
  return {
    assess: createAssess({ consensus: createConsensus({ settings }), legacyScore, cutover: settings }),
    maliciousThreshold,
    divergenceThreshold,
    settings: stampOf(inForce),
  };
}
