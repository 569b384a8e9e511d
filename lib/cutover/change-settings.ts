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
  /** What was in force as the one who decided saw it; undefined for nothing. */
  readonly before: ValueInForce | undefined;
  readonly value: string;
  readonly description: string;
  /** Whether a value is as wanted, whoever wrote it and whatever else they changed. */
  readonly isWanted: (value: string) => boolean;
}

/** What is in force; undefined if neither settings nor initial ones exist. */
interface Seen {
  readonly now: ValueInForce | undefined;
}

/** What the last look at the settings showed, where they are not as wanted, or nobody knows. */
export type FailedChange =
  /** Somebody had changed them before anything was written. */
  | ({ readonly status: 'overtaken' } & Seen)
  /** Somebody else's are in force: they wrote at the same time, or right afterwards. */
  | ({ readonly status: 'replaced' } & Seen)
  /** No answer came to the write, and the old ones were still there: the write may yet take effect. */
  | ({ readonly status: 'unanswered'; readonly failure: ServiceError } & Seen)
  /** They were written, or may have been, and could not be read afterwards. */
  | { readonly status: 'unseen'; readonly failure: ServiceError };

export type ChangeOutcome =
  /** What was wanted is in force. */
  { readonly status: 'changed'; readonly now: ValueInForce } | FailedChange;

/**
 * Sets an environment's settings, unless others than expected are in force, and looks what is in force then. The first
 * ones are created, which fails where somebody else is faster. Over later ones SSM writes unconditionally, so settings
 * that come between the looks may be written over: it is for the rollback to act on what is there.
 *
 * ```
 * read ---- still what was decided on? ---- write, once ---- read: as wanted, others, or the old ones
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

/** Waits for a call whose failure is judged later. */
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
