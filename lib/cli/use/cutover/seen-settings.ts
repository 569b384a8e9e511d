import type { FailedChange } from '../../../cutover/change-settings.ts';
import { cutoverText } from '../../../cutover/plan-change.ts';
import { readSettings } from '../../../cutover/settings.ts';
import type { ValueInForce } from '../../../cutover/stored-settings.ts';

/** Advice if the settings in force are unknown. */
export const LOOK = 'check with `threat-consensus cutover`';

/**
 * The last state of the settings that was seen, and what to do.
 *
 * @param done the intended action: `changed`, `reset`
 */
export function complaint(outcome: FailedChange, done: string): string {
  switch (outcome.status) {
    case 'overtaken':
      return `not ${done}: someone else, or a rollback, has set it to ${seen(outcome.now)}; check it and try again`;
    case 'replaced':
      return `not in force: at the same time someone else, or a rollback, set it to ${seen(outcome.now)}`;
    case 'unanswered':
      return `it is not known whether the settings were ${done}: ${outcome.failure.message}; they were last seen as ${seen(outcome.now)}; ${LOOK}`;
    case 'unseen':
      return `it is not known whether the settings were ${done}: ${outcome.failure.message}; ${LOOK}`;
  }
}

/** `legacy (version 6)`, or `legacy (initial settings)`. */
function seen(inForce: ValueInForce | undefined): string {
  if (inForce === undefined) return 'nothing (there are no settings)';
  const { value, version, source } = inForce;
  const read = readSettings(value);
  const which = source === 'initial' ? 'initial settings' : `version ${version}`;
  return `${read.ok ? cutoverText(read.settings) : 'invalid'} (${which})`;
}
