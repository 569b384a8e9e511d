import type { RaisedAlarm } from './alarm-event.ts';
import { cutoverText } from './plan-change.ts';
import { readSettings } from './settings.ts';
import type { ValueInForce } from './stored-settings.ts';

const BEGINNING = 'rolled back from ';

/** SSM takes 1024 characters. */
const DESCRIPTION_LENGTH = 1_024;

/**
 * The description that a rollback writes with a value: the previous settings, the reason, and which run did it.
 *
 * @param why undefined if a rollback only restores what an earlier one has overwritten
 * @param runId identifies the run of the rollback; empty for none
 */
export function rollbackDescription(
  { value, version, source }: ValueInForce,
  why: string | undefined,
  runId: string,
): string {
  const read = readSettings(value);
  const was = read.ok ? cutoverText(read.settings) : 'invalid settings';
  const isInitial = source === 'initial';
  const which = isInitial ? 'initial settings' : `version ${version}`;
  const repair = `a rollback had overwritten ${isInitial ? 'a reset' : 'its other settings'}`;
  const text = `${BEGINNING}${was} (${which}): ${why ?? repair}`;
  const end = markOf(runId);
  return `${text.slice(0, DESCRIPTION_LENGTH - end.length)}${end}`;
}

/** Whether a description was written by a rollback. */
export function isRollbackDescription(description: string): boolean {
  return description.startsWith(BEGINNING);
}

/** Whether a description was written by this run of the rollback. */
export function isOfRun(description: string, runId: string): boolean {
  return runId !== '' && isRollbackDescription(description) && description.endsWith(markOf(runId));
}

/** Identifies one occurrence of an alarm. */
export function occasionOf({ name, atMs }: RaisedAlarm): string {
  return `${name} went off at ${new Date(atMs).toISOString()}`;
}

/** Why an alarm causes a rollback: that it went off, and what triggered it. */
export function reasonOf(alarm: RaisedAlarm): string {
  const causes = alarm.causes.length === 0 ? '' : `, set off by ${alarm.causes.join(', ')}`;
  return `${occasionOf(alarm)}${causes}`;
}

function markOf(runId: string): string {
  return runId === '' ? '' : ` (event ${runId})`;
}
