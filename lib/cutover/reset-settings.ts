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
  /** The settings when the reset was decided on. */
  readonly before: ParameterValue;
  /** The initial settings at that time. */
  readonly initial: ParameterValue;
  /** The reason; at most 1024 characters. */
  readonly description: string;
}

export type ResetOutcome =
  /** The settings are deleted; `now` is the value in force, and `notedAtMs` when the reason was written. */
  | { readonly status: 'reset'; readonly now: ValueInForce | undefined; readonly notedAtMs: number }
  /** They have the values of the initial ones, but could not be deleted. */
  | { readonly status: 'kept'; readonly failure: ServiceError }
  | FailedChange;

/**
 * Deletes an environment's settings, so that the initial ones are in force. A deletion has no description and deletes
 * the history too. So the initial values are first written as settings, with the reason: CloudTrail and EventBridge
 * then record it, concurrent writes are noticed as with any change, and a process killed in between leaves settings
 * with the intended values.
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
