import { type ChangeOutcome, changeParameter } from '../../cutover/change-parameter.ts';
import { cutoverText, cutoverTo, isForward, meaningOf, refusal } from '../../cutover/plan-change.ts';
import { DEFAULT_SETTINGS, type Mode, readSettings, type Settings } from '../../cutover/settings.ts';
import { getParameter, type ParameterValue } from '../../cutover/settings-parameter.ts';
import { CliError } from '../cli-error.ts';
import type { SettingsTarget } from './settings-target.ts';

export interface WantedCutover {
  readonly mode: Mode;
  readonly percent?: number | undefined;
  readonly isForced: boolean;
  /** For the history; empty for none. */
  readonly reason: string;
}

/** A change that may be made, to be shown before it is. */
export interface ProposedChange {
  readonly before: ParameterValue;
  /** Undefined where the value that is there is invalid. */
  readonly from: Settings | undefined;
  readonly to: Settings;
  readonly isForward: boolean;
  /** What is written: the settings, and keys that this version does not know as they were. */
  readonly value: string;
  readonly description: string;
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
  const to = { ...(from ?? DEFAULT_SETTINGS), ...cutoverTo(mode, percent) };
  const isGoingForward = isForward(from ?? DEFAULT_SETTINGS, to);
  // The way back must not depend on whether alarms can be asked for.
  const alarm = isGoingForward ? await target.rollbackAlarm?.() : undefined;
  const refused = refusal({ from: from ?? DEFAULT_SETTINGS, to, alarm, isForced });
  if (refused !== undefined) throw new CliError(refused);
  return {
    before,
    from,
    to,
    isForward: isGoingForward,
    value: JSON.stringify({ ...(read.ok ? (JSON.parse(before.value) as object) : {}), ...to }),
    description: describe(to, reason),
  };
}

/** SSM takes 1024 characters. */
const DESCRIPTION_LENGTH = 1_024;

function describe(to: Settings, reason: string): string {
  const why = reason === '' ? '' : `: ${reason}`;
  return `set to ${cutoverText(to)} by command${why}`.slice(0, DESCRIPTION_LENGTH);
}

/** Old and new for a human. */
export function proposalLines(name: string, { before, from, to }: ProposedChange): string[] {
  const old = from === undefined ? 'invalid' : cutoverText(from);
  return [
    `${name}`,
    `  from  ${old} (version ${before.version})`,
    `  to    ${cutoverText(to)}`,
    meaningOf(to),
  ];
}

/**
 * Writes a proposed change, unless somebody else changes the settings meanwhile.
 *
 * @returns the version that the settings have got
 * @throws {CliError} where somebody did; theirs is in force then
 */
export async function makeChange(target: SettingsTarget, change: ProposedChange): Promise<number> {
  const outcome = await changeParameter(target.client, target.name, change);
  if (outcome.status !== 'changed') throw new CliError(complaint(outcome));
  if (change.isForward) await takeBackIfAlarmed(target, change, outcome.version);
  return outcome.version;
}

/**
 * An alarm that went off between the look at it and the write is older than the change, so that the rollback ignores
 * it; and it goes off only once. So it is looked at again.
 */
async function takeBackIfAlarmed(
  target: SettingsTarget,
  { before }: ProposedChange,
  version: number,
): Promise<void> {
  const alarm = await target.rollbackAlarm?.();
  if (alarm === undefined || alarm === 'OK') return;
  const outcome = await changeParameter(target.client, target.name, {
    before: { ...before, version },
    value: before.value,
    description: `puts version ${before.version} back: the rollback alarm came to ${alarm} at the same time`,
  });
  const now =
    outcome.status === 'changed' ? `version ${before.version} is in force again` : complaint(outcome);
  throw new CliError(`the rollback alarm came to ${alarm} at the same time: ${now}`);
}

function complaint(outcome: Exclude<ChangeOutcome, { status: 'changed' }>): string {
  const read = readSettings(outcome.by.value);
  const theirs = `${read.ok ? cutoverText(read.settings) : 'invalid'} (version ${outcome.by.version})`;
  switch (outcome.status) {
    case 'overtaken':
      return `not changed: meanwhile somebody, or a rollback, has set it to ${theirs}; look at it and try again`;
    case 'restored':
      return `not changed: at the same time somebody, or a rollback, set it to ${theirs}, which is in force again as version ${outcome.version}`;
    case 'replaced':
      return `not in force: somebody, or a rollback, has set it to ${theirs} right afterwards`;
  }
}
