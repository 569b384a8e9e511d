import type { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Compares this machine's clock with the `Date` header of each response, which is accurate to the second.
 *
 * @param onDifference called with how far this machine is ahead, milliseconds
 */
export function noteTimes(
  { middlewareStack }: SQSClient,
  onDifference: (differenceMs: number) => void,
): void {
  middlewareStack.add(
    (next) => async (call) => {
      const result = await next(call);
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      const theirsMs = Date.parse(headers?.date ?? '');
      if (!Number.isNaN(theirsMs)) onDifference(Date.now() - theirsMs);
      return result;
    },
    { step: 'deserialize', name: 'noteTimes', priority: 'low' },
  );
}
