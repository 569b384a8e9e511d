import type { AlarmState } from '../../../cutover/plan-change.ts';
import { type RollbackOutcome, takeBack } from '../../../cutover/roll-back.ts';
import { CliError } from '../../cli-error.ts';
import type { SettingsTarget } from '../target/settings-target.ts';
import { LOOK } from './seen-settings.ts';

/** A change towards the consensus that has just been made. */
export interface Step {
  /** What was done, for the message: `changed (version 7)`. */
  readonly what: string;
  /** When, epoch milliseconds: anyone who forces settings after this knows about the alarm. */
  readonly madeAtMs: number;
}

/**
 * Checks the rollback alarm again after a change towards the consensus, and undoes the change if the alarm has
 * triggered.
 *
 * @throws {CliError} if it has, or its state is unknown
 */
export async function guardStep(target: SettingsTarget, step: Step): Promise<void> {
  const alarm = await alarmAfter(target, step);
  if (alarm === undefined || alarm === 'OK') return;
  const happened = `the rollback alarm changed to ${alarm} at the same time`;
  let outcome: RollbackOutcome;
  try {
    const reason = { why: happened, alarmedAtMs: step.madeAtMs };
    outcome = await takeBack(target.client, target.names, reason);
  } catch (error) {
    throw new CliError(
      `${happened}, and going back to legacy failed (${messageOf(error)}): ${LOOK}, then \`cutover set legacy\``,
    );
  }
  const which = outcome.source === 'initial' ? 'initial settings' : `version ${outcome.version}`;
  throw new CliError(`${happened}: ${outcome.cutover} is in force now (${which})`);
}

async function alarmAfter(target: SettingsTarget, { what }: Step): Promise<AlarmState | undefined> {
  try {
    return await target.rollbackAlarm?.();
  } catch (error) {
    throw new CliError(
      `${what}, but the rollback alarm could not be checked again (${messageOf(error)}); ` +
        'if it is on, the rollback function takes the change back',
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
