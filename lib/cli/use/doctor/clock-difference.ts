import type { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Compares this machine's clock with the `Date` of each answer, which is exact to the second.
 *
 * @param onDifference gets how far this machine is ahead, milliseconds
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
