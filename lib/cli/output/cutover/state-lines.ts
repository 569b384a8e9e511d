import { FORCED_MEANING, meaningOf } from '../../../cutover/plan-change.ts';
import {
  DEFAULT_SETTINGS,
  type ReadSettings,
  readSettings,
  type Settings,
} from '../../../cutover/settings.ts';
import type { ParameterValue } from '../../../cutover/settings-parameter.ts';
import { printable, styled } from '../terminal.ts';
import { ago } from './ago.ts';

const INVALID =
  'Functions go by what they last read, and those that start by the legacy score, until it is valid again.';

/** A settings parameter for a human: its value, when it was changed, and what it means. */
export function stateLines(name: string, parameter: ParameterValue, nowMs: number): string[] {
  const read = readSettings(parameter.value);
  const changed = new Date(parameter.changedAtMs).toISOString();
  return [
    styled('bold', name),
    ...(read.ok ? validLines(read) : [styled('red', `invalid: ${printable(read.reason)}`), INVALID]),
    styled(
      'dim',
      `version ${parameter.version}, written ${changed}, ${ago(nowMs - parameter.changedAtMs)} ago`,
    ),
  ];
}

function validLines({ settings, unknownKeys }: ReadSettings & { readonly ok: true }): string[] {
  return [
    ...settingLines(settings),
    ...unknownKeys.map((key) =>
      styled('yellow', `${printable(key)}: not known to this version, and ignored`),
    ),
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

/** A settings parameter as one JSON object, for programs. */
export function stateJson(name: string, { value, version, changedAtMs }: ParameterValue): string {
  const read = readSettings(value);
  return JSON.stringify({
    parameter: name,
    version,
    changed_at: changedAtMs,
    ...(read.ok
      ? { ...read.settings, unknown_keys: read.unknownKeys, meaning: meaningOf(read.settings) }
      : { invalid: read.reason, value }),
  });
}
