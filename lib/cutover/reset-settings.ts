import type { SSMClient } from '@aws-sdk/client-ssm';
import type { ServiceError } from '../aws/service-error.ts';
import { asServiceError, changeSettings, type FailedChange, failureOf } from './change-settings.ts';
import {
  type ParameterValue,
  readStoredSettings,
  type SettingsNames,
  type ValueInForce,
  valueInForce,
} from './stored-settings.ts';
import { deleteSettings } from './write-settings.ts';

export interface Reset {
  /** The settings as the one who decided saw them. */
  readonly before: ParameterValue;
  /** The initial ones, likewise. */
  readonly initial: ParameterValue;
  /** Why; at most 1024 characters. */
  readonly description: string;
}

export type ResetOutcome =
  /** The settings are gone; `now` is what is in force, and `notedAtMs` when the reason was written. */
  | { readonly status: 'reset'; readonly now: ValueInForce | undefined; readonly notedAtMs: number }
  /** They have the values of the initial ones, and could not be deleted. */
  | { readonly status: 'kept'; readonly failure: ServiceError }
  | FailedChange;

/**
 * Deletes an environment's settings, so that the initial ones are in force. A deletion has no description and takes the
 * history along. So the values of the initial ones are written first, with the reason: CloudTrail and EventBridge have
 * it, what may be overtaken is noticed as with any change, and a process that is killed in between leaves settings that
 * mean what was wanted.
 *
 * ```
 * change to the initial values, as any change ---- delete, once ---- read: gone, others, or those just written
 * ```
 *
 * @throws {ServiceError} if nothing was written
 */
export async function resetSettings(
  client: SSMClient,
  names: SettingsNames,
  { before, initial, description }: Reset,
): Promise<ResetOutcome> {
  const noted = await changeSettings(client, names, {
    before: { ...before, source: 'operator' },
    value: initial.value,
    description,
    isWanted: (value) => value === initial.value,
  });
  if (noted.status !== 'changed') return noted;

  const failure = await failureOf(deleteSettings(client, names.settings));
  if (failure?.isApplied === 'no' && failure.code !== 'missing') return { status: 'kept', failure };
  let now: ValueInForce | undefined;
  try {
    now = valueInForce(await readStoredSettings(client, names));
  } catch (unread) {
    return { status: 'unseen', failure: asServiceError(unread) };
  }
  if (now?.source !== 'operator') return { status: 'reset', now, notedAtMs: noted.now.changedAtMs };
  return failure !== undefined && now.value === initial.value
    ? { status: 'unanswered', now, failure }
    : { status: 'replaced', now };
}
