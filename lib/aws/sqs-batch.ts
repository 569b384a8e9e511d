import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import type { Attempt } from './retry.ts';
import { ServiceError } from './service-error.ts';

/** Limits of one SQS request; attributes count, and a message may be as large as a request. */
export const MOST_MESSAGES = 10;
export const MOST_BYTES = 1_048_576;

/**
 * The unfinished entries of an SQS batch request, whose ids are their indexes in the batch. As long as an entry failed
 * without the sender's fault, retrying can help; those that then remain are refused.
 *
 * @param action for the message: `send to the queue`
 */
export function leftUndone<Element>(
  batch: readonly Element[],
  failed: readonly BatchResultErrorEntry[] = [],
  action: string,
): Attempt<readonly Element[]> {
  const [first] = failed;
  if (first === undefined) return undefined;
  const left = failed.flatMap(({ Id }) => batch[Number(Id)] ?? []);
  const isRefused = failed.every(({ SenderFault }) => SenderFault === true);
  const message = `could not ${action}: ${first.Code}: ${first.Message}`;
  return { left, error: new ServiceError(isRefused ? 'refused' : 'unavailable', message) };
}
