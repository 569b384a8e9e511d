import { FORCED_MEANING, meaningOf } from '../../../cutover/plan-change.ts';
import {
  DEFAULT_SETTINGS,
  type ReadSettings,
  readSettings,
  type Settings,
} from '../../../cutover/settings.ts';
import type { CutoverState } from '../../results/cutover-state.ts';
import { printable, styled } from '../terminal.ts';
import { ago } from './ago.ts';

const INVALID =
  'Running functions keep using what they last read, and new ones use the legacy score, until it is valid again.';

/** The settings in force for a human: who set them, their values, since when, and what they mean. */
export function stateLines({ names, inForce, newerStackMs }: CutoverState, nowMs: number): string[] {
  const { source, value, version, changedAtMs } = inForce;
  const read = readSettings(value);
  const whose =
    source === 'operator' ? 'set by an operator or a rollback' : 'initial settings: no others have been set';
  const written = `written ${isoTime(changedAtMs)}, ${ago(nowMs - changedAtMs)} ago`;
  return [
    `${styled('bold', source === 'operator' ? names.settings : names.initial)} (${whose})`,
    ...(read.ok ? validLines(read) : [styled('red', `invalid: ${printable(read.reason)}`), INVALID]),
    styled('dim', `version ${version}, ${written}`),
    ...(newerStackMs === undefined ? [] : [styled('yellow', leftLine(newerStackMs))]),
  ];
}

function leftLine(newerStackMs: number): string {
  return (
    `These settings were left by an earlier stack: this one was created ${isoTime(newerStackMs)}. Go back to the ` +
    'initial ones with `cutover reset`, or confirm these with `cutover set`.'
  );
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function validLines({ settings, unknownKeys }: ReadSettings & { readonly ok: true }): string[] {
  return [
    ...settingLines(settings),
    ...unknownKeys.map((key) => styled('yellow', `${printable(key)}: unknown to this version, and ignored`)),
    meaningOf(settings),
    ...(settings.forced === true ? [styled('yellow', FORCED_MEANING)] : []),
  ];
}

function settingLines(settings: Settings): string[] {
  return Object.entries(settings).map(([key, value]) => {
    const usual = DEFAULT_SETTINGS[key as keyof Settings];
    const note = value === usual || usual === undefined || isCutover(key) ? '' : `  (usually ${usual})`;
    return `  ${key.padEnd(22)}${value}${styled('dim', note)}`;
  });
}

function isCutover(key: string): boolean {
  return key === 'mode' || key === 'consensusPercent';
}

/** The settings in force as one JSON object, for programs. */
export function stateJson({ names, inForce, newerStackMs }: CutoverState): string {
  const { source, value, version, changedAtMs } = inForce;
  const read = readSettings(value);
  return JSON.stringify({
    in_force: source,
    parameter: source === 'operator' ? names.settings : names.initial,
    version,
    changed_at: changedAtMs,
    ...(newerStackMs !== undefined && { left_by_earlier_stack: true, stack_created_at: newerStackMs }),
    ...(read.ok
      ? { ...read.settings, unknown_keys: read.unknownKeys, meaning: meaningOf(read.settings) }
      : { invalid: read.reason, value }),
  });
}
