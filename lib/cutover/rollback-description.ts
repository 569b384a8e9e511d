import type { RaisedAlarm } from './alarm-event.ts';
import { cutoverText } from './plan-change.ts';
import { readSettings } from './settings.ts';
import type { ValueInForce } from './stored-settings.ts';

const BEGINNING = 'rolled back from ';

/** SSM takes 1024 characters. */
const DESCRIPTION_LENGTH = 1_024;

/**
 * What a rollback writes beside a value: what it was, why it was taken back, and which run did it.
 *
 * @param why undefined if a rollback only puts right what an earlier one has written over
 * @param runId tells the runs of the rollback apart; empty for none
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

/** Whether a description is one that a rollback wrote. */
export function isRollbackDescription(description: string): boolean {
  return description.startsWith(BEGINNING);
}

/** Whether a description is one that this run of the rollback wrote. */
export function isOfRun(description: string, runId: string): boolean {
  return runId !== '' && isRollbackDescription(description) && description.endsWith(markOf(runId));
}

/** Names one going off of an alarm. */
export function occasionOf({ name, atMs }: RaisedAlarm): string {
  return `${name} went off at ${new Date(atMs).toISOString()}`;
}

/** Why an alarm takes settings back: that it went off, and what set it off. */
export function reasonOf(alarm: RaisedAlarm): string {
  const causes = alarm.causes.length === 0 ? '' : `, set off by ${alarm.causes.join(', ')}`;
  return `${occasionOf(alarm)}${causes}`;
}

function markOf(runId: string): string {
  return runId === '' ? '' : ` (event ${runId})`;
}
