import { type Cutover, effectivePercent } from './canary.ts';
import { MODES, type Mode } from './settings.ts';

/** State of the alarm that triggers the rollback. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface ChangeRequest {
  readonly from: Cutover;
  readonly to: Cutover;
  /** Undefined if the environment has no such alarm, or its state is not known. */
  readonly alarm: AlarmState | undefined;
}

/**
 * Returns why a change must not be made; undefined if it may.
 *
 * Going back is always possible. Going forward requires that both scores were compared before one replaces the other,
 * and an alarm that is OK: if it is on, the rollback would reverse the change within minutes.
 */
export function refusal({ from, to, alarm }: ChangeRequest): string | undefined {
  if (!isForward(from, to)) return undefined;
  if (alarm !== undefined && alarm !== 'OK') {
    return `the rollback alarm is ${alarm}: wait until it is OK`;
  }
  if (from.mode === 'legacy' && to.mode === 'consensus') {
    return 'going straight from legacy to consensus compares nothing: go to parallel first';
  }
  return undefined;
}

/** Whether a change gives the consensus more work or more influence. */
export function isForward(from: Cutover, to: Cutover): boolean {
  const percents = effectivePercent(to) - effectivePercent(from);
  return percents > 0 || (percents === 0 && MODES.indexOf(to.mode) > MODES.indexOf(from.mode));
}

/** The settings for a mode and a percentage. `parallel` without a percentage begins as a shadow. */
export function cutoverTo(mode: Mode, percent: number | undefined): Cutover {
  return { mode, consensusPercent: effectivePercent({ mode, consensusPercent: percent ?? 0 }) };
}

/** `parallel 25 %`; the other modes have no percentage. */
export function cutoverText({ mode, consensusPercent }: Cutover): string {
  return mode === 'parallel' ? `${mode} ${consensusPercent} %` : mode;
}

/** The meaning of a mode and percentage, in a sentence. */
export function meaningOf({ mode, consensusPercent }: Cutover): string {
  if (mode === 'legacy') return 'Only the legacy scorer runs, and its score is used for all addresses.';
  if (mode === 'consensus') {
    return 'The consensus score is used for all addresses, and the legacy score where there is no consensus.';
  }
  const both = 'Both scorers run on every record';
  if (consensusPercent === 0)
    return `${both}; the legacy score is used for all addresses, and the consensus score is only compared.`;
  if (consensusPercent === 100) return `${both}; the consensus score is used for all addresses.`;
  return `${both}; the consensus score is used for ${consensusPercent} % of remote addresses, the legacy score for the others.`;
}

/** The meaning of forced settings. */
export const FORCED_MEANING =
  'Forced: the rollback leaves this alone while the alarm stays on, and rolls it back the next time the alarm goes ' +
  'off.';
