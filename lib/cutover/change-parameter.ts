import type { SSMClient } from '@aws-sdk/client-ssm';
import { ServiceError } from '../aws/service-error.ts';
import { overwriteParameter } from './overwrite-parameter.ts';
import { getParameter, type ParameterValue } from './settings-parameter.ts';

export interface Change {
  /** The value as the one who decided saw it. */
  readonly before: ParameterValue;
  readonly value: string;
  readonly description: string;
  /** Whether a value is as wanted, whoever wrote it and whatever else they changed. */
  readonly isWanted: (value: string) => boolean;
}

/** What the last look at the parameter showed. */
export type ChangeOutcome =
  /** What was wanted is in force. */
  | { readonly status: 'changed'; readonly now: ParameterValue }
  /** Somebody had changed it before anything was written. */
  | { readonly status: 'overtaken'; readonly now: ParameterValue }
  /** Somebody else's value is in force: they wrote at the same time, or right afterwards. */
  | { readonly status: 'replaced'; readonly now: ParameterValue }
  /** No answer came to the write, and the old value was still there: the write may yet take effect. */
  | { readonly status: 'unanswered'; readonly now: ParameterValue; readonly failure: ServiceError }
  /** The parameter was written, or may have been, and could not be read afterwards. */
  | { readonly status: 'unseen'; readonly failure: ServiceError };

/**
 * Replaces a parameter's value, unless another one than expected is there, and looks what is in force then. SSM writes
 * unconditionally, so a value that comes between the looks may be written over: it is for the rollback to act on what
 * is there.
 *
 * ```
 * read ---- still the value decided on? ---- write, once ---- read: as wanted, another one, or the old one
 * ```
 *
 * @throws {ServiceError} where nothing was written
 */
export async function changeParameter(
  client: SSMClient,
  name: string,
  { before, value, description, isWanted }: Change,
): Promise<ChangeOutcome> {
  const current = await getParameter(client, name);
  if (current.value !== before.value) return { status: 'overtaken', now: current };

  const unanswered = await failureOf(overwriteParameter(client, name, value, description));
  if (unanswered?.isApplied === 'no') throw unanswered;
  let now: ParameterValue;
  try {
    now = await getParameter(client, name);
  } catch (failure) {
    return { status: 'unseen', failure: asServiceError(failure) };
  }
  if (isWanted(now.value)) return { status: 'changed', now };
  const isOld = now.value === before.value;
  return unanswered !== undefined && isOld
    ? { status: 'unanswered', now, failure: unanswered }
    : { status: 'replaced', now };
}

/** Waits for a call whose failure is judged later. */
export async function failureOf(call: Promise<void>): Promise<ServiceError | undefined> {
  try {
    await call;
    return undefined;
  } catch (failure) {
    return asServiceError(failure);
  }
}

function asServiceError(failure: unknown): ServiceError {
  if (failure instanceof ServiceError) return failure;
  throw failure;
}
