import { cutoverText, isForward, refusal } from '../../../cutover/plan-change.ts';
import { resetSettings } from '../../../cutover/reset-settings.ts';
import { DEFAULT_SETTINGS, readSettings } from '../../../cutover/settings.ts';
import { readStoredSettings } from '../../../cutover/stored-settings.ts';
import { CliError } from '../../cli-error.ts';
import type { ProposedReset } from '../../results/proposed-change.ts';
import type { SettingsTarget } from '../target/settings-target.ts';
import { describeChange } from './describe-change.ts';
import { guardStep } from './guard-step.ts';
import { noSettings } from './no-settings.ts';
import { complaint, LOOK } from './seen-settings.ts';

/**
 * Works out the effect of deleting the settings, and whether that is allowed: the same rules apply as for changing to
 * the initial settings.
 *
 * @param reason why; empty for none
 * @returns undefined if there are no settings to delete
 * @throws {CliError} if it is not allowed, or there are no initial settings to return to
 */
export async function proposeReset(
  target: SettingsTarget,
  reason: string,
): Promise<ProposedReset | undefined> {
  const { operator: before, initial } = await readStoredSettings(target.client, target.names);
  if (before === undefined) {
    if (initial === undefined) throw new CliError(noSettings(target.names));
    return undefined;
  }
  const nothingToGoBackTo = (problem: string) =>
    new CliError(`nothing to go back to: ${target.names.initial} ${problem}; deploy it first`);
  if (initial === undefined) throw nothingToGoBackTo('does not exist');
  const to = readSettings(initial.value);
  if (!to.ok) throw nothingToGoBackTo(`is invalid: ${to.reason}`);
  const read = readSettings(before.value);
  const from = read.ok ? read.settings : undefined;
  const isGoingForward = isForward(from ?? DEFAULT_SETTINGS, to.settings);
  const alarm = isGoingForward ? await target.rollbackAlarm?.() : undefined;
  const refused = refusal({ from: from ?? DEFAULT_SETTINGS, to: to.settings, alarm });
  if (refused !== undefined) throw new CliError(refused);
  return {
    before,
    from,
    initial,
    to: to.settings,
    isGuarded: isGoingForward,
    description: describeChange(`reset to ${cutoverText(to.settings)} by command`, reason),
  };
}

/**
 * Deletes the settings, reads back what is in force, and undoes a change towards the consensus if the rollback alarm
 * has triggered meanwhile.
 *
 * @throws {CliError} if something else is in force, or the result is unknown; the message has the last state seen
 * @throws {ServiceError} if nothing was written
 */
export async function makeReset(target: SettingsTarget, proposed: ProposedReset): Promise<void> {
  const outcome = await resetSettings(target.client, target.names, proposed);
  if (outcome.status === 'kept') {
    throw new CliError(
      `not reset, though the settings have the initial values now: ${outcome.failure.message}; ${LOOK}`,
    );
  }
  if (outcome.status !== 'reset') throw new CliError(complaint(outcome, 'reset'));
  if (proposed.isGuarded) await guardStep(target, { what: 'reset', madeAtMs: outcome.notedAtMs });
}
