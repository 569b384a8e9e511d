import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { type Attempt, type Patience, retryBatch, type Undone } from './retry.ts';
import { ServiceError, toServiceError } from './service-error.ts';

/** An event for a bus. */
export interface BusEntry {
  /** Name or ARN of the bus. */
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  /** A JSON object. */
  readonly detail: string;
  /** Epoch milliseconds. */
  readonly timeMs: number;
}

/** Entries that EventBridge accepts in one request. Source: EventBridge API Reference, "PutEvents". */
const MOST_ENTRIES = 10;
const MOST_ENTRY_BYTES = 256 * 1024;
/** Size that the time of an entry counts. Source: EventBridge User Guide, "Calculating PutEvents event entry size". */
const TIME_BYTES = 14;

const ACTION = 'put events on the bus';

/**
 * Puts the events of one request, and retries those that EventBridge rejects temporarily.
 *
 * @param entries at most 10, and 256 KiB together: see `fitsRequest`
 * @returns those that were not put, with the reason
 */
export async function putEvents(
  client: EventBridgeClient,
  entries: readonly BusEntry[],
  patience: Patience,
): Promise<Undone<BusEntry>[]> {
  const put = async (left: readonly BusEntry[], abortSignal: AbortSignal) => {
    const Entries = left.map(({ bus, source, detailType, detail, timeMs }) => ({
      EventBusName: bus,
      Source: source,
      DetailType: detailType,
      Detail: detail,
      Time: new Date(timeMs),
    }));
    const answer = await client.send(new PutEventsCommand({ Entries }), { abortSignal });
    return leftOver(left, answer.Entries ?? []);
  };
  return await retryBatch(entries, put, ACTION, patience);
}

/** Whether an event fits into a request with other events of the given size. */
export function fitsRequest(
  others: { readonly entries: number; readonly bytes: number },
  entry: BusEntry,
): boolean {
  return others.entries < MOST_ENTRIES && others.bytes + entryBytes(entry) <= MOST_ENTRY_BYTES;
}

/** The size of an event as EventBridge counts it. */
export function entryBytes({ source, detailType, detail }: BusEntry): number {
  return TIME_BYTES + Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}

/** As long as one of them may succeed later, all are retried; those that then remain are refused one by one. */
function leftOver(
  entries: readonly BusEntry[],
  results: readonly PutEventsResultEntry[],
): Attempt<readonly BusEntry[]> {
  const failed = entries.flatMap((entry, index) => {
    const { ErrorCode, ErrorMessage } = results[index] ?? { ErrorCode: 'InternalFailure' };
    if (ErrorCode === undefined) return [];
    const cause = Object.assign(new Error(ErrorMessage), { name: ErrorCode, $fault: 'client' });
    return [{ entry, error: toServiceError(cause, ACTION) }];
  });
  const [first] = failed;
  if (first === undefined) return undefined;
  const { error } = failed.find((each) => each.error.isTransient) ?? first;
  const code = error.isTransient ? error.code : 'refused';
  return { left: failed.map(({ entry }) => entry), error: new ServiceError(code, error.message) };
}
