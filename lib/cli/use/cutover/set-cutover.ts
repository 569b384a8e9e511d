import { effectivePercent } from '../../../cutover/canary.ts';
import { changeSettings } from '../../../cutover/change-settings.ts';
import { cutoverText, cutoverTo, isForward, refusal } from '../../../cutover/plan-change.ts';
import {
  DEFAULT_SETTINGS,
  MODES,
  type Mode,
  readSettings,
  type Settings,
} from '../../../cutover/settings.ts';
import { readStoredSettings, type ValueInForce, valueInForce } from '../../../cutover/stored-settings.ts';
import { CliError } from '../../cli-error.ts';
import type { ProposedChange } from '../../results/proposed-change.ts';
import type { SettingsTarget } from '../target/settings-target.ts';
import { describeChange } from './describe-change.ts';
import { guardStep } from './guard-step.ts';
import { complaint } from './seen-settings.ts';

export interface WantedCutover {
  readonly mode: Mode;
  readonly percent?: number | undefined;
  /** Skips the mode `parallel`, and overrides the rollback alarm. */
  readonly isForced: boolean;
  /** For the history; empty for none. */
  readonly reason: string;
}

/** @throws {CliError} if the text is not a mode */
export function modeOf(text: string): Mode {
  if (isMode(text)) return text;
  throw new CliError(`"${text}" is not a mode: ${MODES.join(', ')}`, 2);
}

function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}

/**
 * Works out a change of mode, and whether it is allowed.
 *
 * @throws {CliError} if it is not
 */
export async function proposeChange(target: SettingsTarget, wanted: WantedCutover): Promise<ProposedChange> {
  const { mode, percent, isForced, reason } = wanted;
  if (percent !== undefined && mode !== 'parallel') {
    throw new CliError(`--percent needs the mode parallel: ${mode} uses one score for all addresses`, 2);
  }
  const before = valueInForce(await readStoredSettings(target.client, target.names));
  const read = before && readSettings(before.value);
  const from = read?.ok ? read.settings : undefined;
  const { forced: _, ...others } = from ?? DEFAULT_SETTINGS;
  const cutover = cutoverTo(mode, percent);
  const isGoingForward = isForward(others, cutover);
  const isForcing = isForced && effectivePercent(cutover) > 0;
  // Going back must not depend on reading alarms.
  const alarm = isGoingForward || isForcing ? await target.rollbackAlarm?.() : undefined;
  const refused = isForced ? undefined : refusal({ from: others, to: cutover, alarm });
  if (refused !== undefined) throw new CliError(`${refused}, or use --force`);
  const isDespiteAlarm = isForcing && alarm !== 'OK';
  const to: Settings = { ...others, ...cutover, ...(isDespiteAlarm && { forced: true }) };
  const force = isDespiteAlarm ? ` by force (rollback alarm: ${alarm ?? 'not known'})` : '';
  return {
    before,
    from,
    to,
    isGuarded: isGoingForward && !isDespiteAlarm,
    value: JSON.stringify({ ...(from && keysOf(before)), ...to }),
    description: describeChange(`set to ${cutoverText(to)} by command${force}`, reason),
  };
}

/** All keys of a valid value except the one that records that it was forced. */
function keysOf(before: ValueInForce | undefined): object {
  const { forced: _, ...keys } = JSON.parse(before?.value ?? '{}') as { readonly forced?: boolean };
  return keys;
}

/**
 * Writes a proposed change once, reads back what is in force, and undoes a change towards the consensus if the rollback
 * alarm has triggered meanwhile.
 *
 * @returns the version in which the change is in force
 * @throws {CliError} if something else is in force, or the result is unknown; the message has the last state seen
 * @throws {ServiceError} if nothing was written
 */
export async function makeChange(target: SettingsTarget, change: ProposedChange): Promise<number> {
  const outcome = await changeSettings(target.client, target.names, {
    ...change,
    isWanted: (value) => isCutover(value, change.to),
  });
  if (outcome.status !== 'changed') throw new CliError(complaint(outcome, 'changed'));
  const { version, changedAtMs } = outcome.now;
  if (change.isGuarded) {
    await guardStep(target, { what: `changed (version ${version})`, madeAtMs: changedAtMs });
  }
  return version;
}

/** Whether a value has this mode and percentage, forced or not. */
function isCutover(value: string, { mode, consensusPercent, forced = false }: Settings): boolean {
  const read = readSettings(value);
  if (!read.ok) return false;
  const { settings } = read;
  return (
    settings.mode === mode &&
    settings.consensusPercent === consensusPercent &&
    (settings.forced ?? false) === forced
  );
}
