import type { SSMClient } from '@aws-sdk/client-ssm';
import { ServiceError } from '../aws/service-error.ts';
import {
  readStoredSettings,
  type SettingsNames,
  type ValueInForce,
  valueInForce,
} from './stored-settings.ts';
import { writeSettings } from './write-settings.ts';

export interface Change {
  /** The value in force when the change was decided on; undefined for none. */
  readonly before: ValueInForce | undefined;
  readonly value: string;
  readonly description: string;
  /** Whether a value is as wanted, whoever wrote it and whatever else it changes. */
  readonly isWanted: (value: string) => boolean;
}

/** The value in force; undefined if neither settings nor initial ones exist. */
interface Seen {
  readonly now: ValueInForce | undefined;
}

/** The result of the last read of the settings, if they are not as wanted or could not be read. */
export type FailedChange =
  /** The settings were changed by someone else before anything was written. */
  | ({ readonly status: 'overtaken' } & Seen)
  /** Someone else's settings are in force: written at the same time, or right afterwards. */
  | ({ readonly status: 'replaced' } & Seen)
  /** The write got no answer, and the old settings were still there: the write may yet take effect. */
  | ({ readonly status: 'unanswered'; readonly failure: ServiceError } & Seen)
  /** They were written, or may have been, and could not be read afterwards. */
  | { readonly status: 'unseen'; readonly failure: ServiceError };

export type ChangeOutcome =
  /** The wanted value is in force. */
  { readonly status: 'changed'; readonly now: ValueInForce } | FailedChange;

/**
 * Changes an environment's settings, unless others than expected are in force, and then reads what is in force. The
 * first settings are created, which fails if they already exist. Later ones are overwritten unconditionally by SSM, so
 * a concurrent write between the reads may be lost: the rollback acts on whatever is there.
 *
 * ```
 * read ---- still as expected? ---- write, once ---- read: as wanted, others, or the old ones
 * ```
 *
 * @throws {ServiceError} if nothing was written
 */
export async function changeSettings(
  client: SSMClient,
  names: SettingsNames,
  { before, value, description, isWanted }: Change,
): Promise<ChangeOutcome> {
  const look = async () => valueInForce(await readStoredSettings(client, names));
  const current = await look();
  if (!isSame(current, before)) return { status: 'overtaken', now: current };

  const kind = before?.source === 'operator' ? 'overwrite' : 'create';
  const unanswered = await failureOf(writeSettings(client, names.settings, kind, { value, description }));
  if (unanswered?.code === 'exists') return { status: 'overtaken', now: await look() };
  if (unanswered?.isApplied === 'no') throw unanswered;
  let now: ValueInForce | undefined;
  try {
    now = await look();
  } catch (failure) {
    return { status: 'unseen', failure: asServiceError(failure) };
  }
  if (now?.source === 'operator' && isWanted(now.value)) return { status: 'changed', now };
  return unanswered !== undefined && isSame(now, before)
    ? { status: 'unanswered', now, failure: unanswered }
    : { status: 'replaced', now };
}

/** Whether the same one of the two parameters is in force with the same value, whoever has written it. */
function isSame(one: ValueInForce | undefined, other: ValueInForce | undefined): boolean {
  return one?.source === other?.source && one?.value === other?.value;
}

/** Waits for a call whose failure is handled later. */
export async function failureOf(call: Promise<unknown>): Promise<ServiceError | undefined> {
  try {
    await call;
    return undefined;
  } catch (failure) {
    return asServiceError(failure);
  }
}

export function asServiceError(failure: unknown): ServiceError {
  if (failure instanceof ServiceError) return failure;
  throw failure;
}
