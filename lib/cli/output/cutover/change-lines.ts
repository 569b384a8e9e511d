import { cutoverText, FORCED_MEANING, meaningOf } from '../../../cutover/plan-change.ts';
import type { Settings } from '../../../cutover/settings.ts';
import type { SettingsNames, ValueInForce } from '../../../cutover/stored-settings.ts';
import type { ProposedChange, ProposedReset } from '../../results/proposed-change.ts';
import { changedKeys } from './changed-keys.ts';

/** The old and new settings, for a human. */
export function proposalLines({ settings }: SettingsNames, { before, from, to }: ProposedChange): string[] {
  return [
    settings,
    `  from  ${old(from, before)}`,
    `  to    ${cutoverText(to)}`,
    meaningOf(to),
    ...(to.forced === true ? [FORCED_MEANING] : []),
  ];
}

/** What a reset deletes and what replaces it, for a human. */
export function resetLines({ settings }: SettingsNames, { before, from, to }: ProposedReset): string[] {
  return [
    `${settings} will be deleted, with its history`,
    `  from  ${old(from, { ...before, source: 'operator' })}`,
    `  to    ${cutoverText(to)} (initial settings)`,
    ...(from === undefined ? [] : changedKeys(from, to).map((change) => `        ${change}`)),
    meaningOf(to),
  ];
}

function old(from: Settings | undefined, before: ValueInForce | undefined): string {
  if (before === undefined) return 'legacy (no settings)';
  const which = before.source === 'initial' ? 'initial settings' : `version ${before.version}`;
  return `${from === undefined ? 'invalid' : cutoverText(from)} (${which})`;
}

/** A change that was made, for a human. */
export function changedLine(version: number): string {
  return `changed: version ${version}; takes effect within 36 seconds`;
}

/** A change that was made as one JSON object, for programs. */
export function changedJson(
  { settings }: SettingsNames,
  { from, to }: ProposedChange,
  version: number,
): string {
  return JSON.stringify({ parameter: settings, version, from: from ?? null, to });
}

/** The result of a reset, for a human: done, or nothing to delete. */
export function resetLine({ settings }: SettingsNames, reset: ProposedReset | undefined): string {
  if (reset === undefined)
    return `nothing to reset: there is no ${settings}, the initial settings are in force`;
  return 'reset: the initial settings take effect within 36 seconds; wait that long before you set others';
}

/** A reset as one JSON object, for programs; `from` and `to` are null if there was nothing to delete. */
export function resetJson(names: SettingsNames, reset: ProposedReset | undefined): string {
  return JSON.stringify({
    parameter: names.settings,
    initial_parameter: names.initial,
    reset: reset !== undefined,
    from: reset?.from ?? null,
    to: reset?.to ?? null,
  });
}
