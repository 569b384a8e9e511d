import { effectivePercent } from '../../../cutover/canary.ts';
import { type ChangeOutcome, changeParameter } from '../../../cutover/change-parameter.ts';
import { type AlarmState, cutoverText, cutoverTo, isForward, refusal } from '../../../cutover/plan-change.ts';
import { type RollbackOutcome, takeBack } from '../../../cutover/roll-back.ts';
import {
  DEFAULT_SETTINGS,
  MODES,
  type Mode,
  readSettings,
  type Settings,
} from '../../../cutover/settings.ts';
import { getParameter, type ParameterValue } from '../../../cutover/settings-parameter.ts';
import { CliError } from '../../cli-error.ts';
import type { ProposedChange } from '../../results/proposed-change.ts';
import type { SettingsTarget } from '../target/settings-target.ts';

export interface WantedCutover {
  readonly mode: Mode;
  readonly percent?: number | undefined;
  /** Skips the mode `parallel`, and overrides the rollback alarm. */
  readonly isForced: boolean;
  /** For the history; empty for none. */
  readonly reason: string;
}

/** @throws {CliError} where a text is no mode */
export function modeOf(text: string): Mode {
  if (isMode(text)) return text;
  throw new CliError(`"${text}" is no mode: ${MODES.join(', ')}`, 2);
}

function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}

/**
 * Works out a change of mode, and whether it may be made.
 *
 * @throws {CliError} where it may not
 */
export async function proposeChange(target: SettingsTarget, wanted: WantedCutover): Promise<ProposedChange> {
  const { mode, percent, isForced, reason } = wanted;
  if (percent !== undefined && mode !== 'parallel') {
    throw new CliError(`--percent goes with the mode parallel: ${mode} uses one score for all addresses`, 2);
  }
  const before = await getParameter(target.client, target.name);
  const read = readSettings(before.value);
  const from = read.ok ? read.settings : undefined;
  const { forced: _, ...others } = from ?? DEFAULT_SETTINGS;
  const cutover = cutoverTo(mode, percent);
  const isGoingForward = isForward(others, cutover);
  const isForcing = isForced && effectivePercent(cutover) > 0;
  // The way back must not depend on whether alarms can be asked for.
  const alarm = isGoingForward || isForcing ? await target.rollbackAlarm?.() : undefined;
  const refused = refusal({ from: others, to: cutover, alarm, isForced });
  if (refused !== undefined) throw new CliError(refused);
  const isDespiteAlarm = isForcing && alarm !== 'OK';
  const to: Settings = { ...others, ...cutover, ...(isDespiteAlarm && { forced: true }) };
  return {
    before,
    from,
    to,
    isGuarded: isGoingForward && !isDespiteAlarm,
    value: JSON.stringify({ ...keysOf(before, read.ok), ...to }),
    description: describe(
      to,
      isDespiteAlarm ? ` by force (rollback alarm: ${alarm ?? 'not known'})` : '',
      reason,
    ),
  };
}

/** All keys of a value but the one that says that it was forced. */
function keysOf({ value }: ParameterValue, isValid: boolean): object {
  if (!isValid) return {};
  const { forced: _, ...keys } = JSON.parse(value) as { readonly forced?: boolean };
  return keys;
}

/** SSM takes 1024 characters. */
const DESCRIPTION_LENGTH = 1_024;

function describe(to: Settings, force: string, reason: string): string {
  const why = reason === '' ? '' : `: ${reason}`;
  return `set to ${cutoverText(to)} by command${force}${why}`.slice(0, DESCRIPTION_LENGTH);
}

/**
 * Writes a proposed change once, looks what is in force then, and takes a step forward back to `legacy` if the rollback
 * alarm went off meanwhile.
 *
 * @returns the version in which the change is in force
 * @throws {CliError} where something else is in force, or nobody knows: what the last look showed
 * @throws {ServiceError} where nothing was written
 */
export async function makeChange(target: SettingsTarget, change: ProposedChange): Promise<number> {
  const outcome = await changeParameter(target.client, target.name, {
    ...change,
    isWanted: (value) => isCutover(value, change.to),
  });
  if (outcome.status !== 'changed') throw new CliError(complaint(outcome));
  if (change.isGuarded) await takeBackIfAlarmed(target, outcome.now);
  return outcome.now.version;
}

/** Whether a value asks for a mode and a percentage, forced or not. */
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

const LOOK = 'look at `threat-consensus cutover`';

async function takeBackIfAlarmed(target: SettingsTarget, written: ParameterValue): Promise<void> {
  const alarm = await alarmAfter(target, written);
  if (alarm === undefined || alarm === 'OK') return;
  const happened = `the rollback alarm came to ${alarm} at the same time`;
  let outcome: RollbackOutcome;
  try {
    // Who forces settings from now on knows of the alarm.
    const reason = { why: happened, alarmedAtMs: written.changedAtMs };
    outcome = await takeBack(target.client, target.name, reason);
  } catch (error) {
    throw new CliError(
      `${happened}, and going back to legacy failed (${messageOf(error)}): ${LOOK}, then \`cutover set legacy\``,
    );
  }
  throw new CliError(`${happened}: ${outcome.cutover} is in force now (version ${outcome.version})`);
}

async function alarmAfter(target: SettingsTarget, written: ParameterValue): Promise<AlarmState | undefined> {
  try {
    return await target.rollbackAlarm?.();
  } catch (error) {
    throw new CliError(
      `changed (version ${written.version}), but the rollback alarm could not be asked again (${messageOf(error)}); ` +
        'where it is on, the rollback function takes the change back',
    );
  }
}

/** What the last look at the settings showed, and what to do about it. */
function complaint(outcome: Exclude<ChangeOutcome, { status: 'changed' }>): string {
  switch (outcome.status) {
    case 'overtaken':
      return `not changed: meanwhile somebody, or a rollback, set it to ${seen(outcome.now)}; look at it and try again`;
    case 'replaced':
      return `not in force: at the same time somebody, or a rollback, set it to ${seen(outcome.now)}`;
    case 'unanswered':
      return `not known whether it is changed: ${outcome.failure.message}; the last look showed ${seen(outcome.now)}; ${LOOK}`;
    case 'unseen':
      return `not known whether it is changed: ${outcome.failure.message}; ${LOOK}`;
  }
}

function seen({ value, version }: ParameterValue): string {
  const read = readSettings(value);
  return `${read.ok ? cutoverText(read.settings) : 'invalid'} (version ${version})`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
