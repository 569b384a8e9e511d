/** The outcome of an event's messages. */
export type BatchJudgement =
  | { readonly outcome: 'success' }
  | { readonly outcome: 'partial'; readonly failedMessageIds: ReadonlySet<string> }
  | { readonly outcome: 'failure'; readonly reason: string };

const SUCCESS: BatchJudgement = { outcome: 'success' };

/**
 * Interprets a function's response to a batch like Lambda.
 *
 * With partial batch responses: an empty or null list, or an empty or null response, is a complete success; an invalid
 * response, an item with an empty, null or misnamed `itemIdentifier`, or one that names no message of the batch is a
 * complete failure. Without them, any return value is a success. Source: AWS Lambda Developer Guide, "Handling errors
 * for an SQS event source in Lambda", success and failure conditions.
 *
 * @param response the function's return value after a round trip through JSON: `undefined` has become `null`
 * @param messageIds ids of the batch's messages
 */
export function judgeBatchResponse(
  response: unknown,
  messageIds: ReadonlySet<string>,
  reportBatchItemFailures: boolean,
): BatchJudgement {
  if (!reportBatchItemFailures || response === null || response === undefined) return SUCCESS;
  if (typeof response !== 'object' || Array.isArray(response))
    return failure('the response is not an object');

  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) return SUCCESS;
  if (!Array.isArray(failures)) return failure('batchItemFailures is not a list');

  const failedMessageIds = new Set<string>();
  for (const item of failures as unknown[]) {
    const identifier = (item as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof identifier !== 'string' || identifier === '') return failure('an item has no itemIdentifier');
    if (!messageIds.has(identifier)) return failure(`no message of the batch is called ${identifier}`);
    failedMessageIds.add(identifier);
  }
  return failedMessageIds.size === 0 ? SUCCESS : { outcome: 'partial', failedMessageIds };
}

function failure(reason: string): BatchJudgement {
  return { outcome: 'failure', reason };
}
