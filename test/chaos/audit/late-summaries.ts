import type { WireRequest } from '../simulation/service.ts';
import { readStored, type WireItem } from './stored-form.ts';

interface BatchWrite {
  readonly RequestItems?: Readonly<
    Record<string, readonly { readonly PutRequest?: { readonly Item: WireItem } }[]>
  >;
}

/**
 * Ids of the messages counted by the summaries in a request. If it arrives after its client has given up, another
 * delivery may have stored them meanwhile, so the two overlap.
 */
export function messagesInSummaries({ operation, body }: WireRequest): string[] {
  if (operation !== 'BatchWriteItem') return [];
  const { RequestItems = {} } = JSON.parse(body) as BatchWrite;
  return Object.values(RequestItems)
    .flat()
    .flatMap(({ PutRequest }) => {
      const stored = PutRequest === undefined ? undefined : readStored(PutRequest.Item);
      return stored?.kind === 'summary' ? stored.summary.messages : [];
    });
}
