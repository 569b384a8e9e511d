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

/** What EventBridge takes in one request. Source: EventBridge API Reference, "PutEvents". */
const MOST_ENTRIES = 10;
const MOST_ENTRY_BYTES = 256 * 1024;
/** What the time of an entry counts. Source: EventBridge User Guide, "Calculating PutEvents event entry size". */
const TIME_BYTES = 14;

const ACTION = 'put events on the bus';

/**
 * Puts as many events as one request takes, and tries those again that EventBridge turns away for the moment.
 *
 * @param entries at most 10, and 256 KiB together: see `fitsRequest`
 * @returns those that were not put, and why
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

/** Whether an event fits into a request beside others of so many bytes. */
export function fitsRequest(
  others: { readonly entries: number; readonly bytes: number },
  entry: BusEntry,
): boolean {
  return others.entries < MOST_ENTRIES && others.bytes + entryBytes(entry) <= MOST_ENTRY_BYTES;
}

/** What an event counts of a request's size. */
export function entryBytes({ source, detailType, detail }: BusEntry): number {
  return TIME_BYTES + Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}

/** As long as one may pass later, all are tried again; those that remain then are refused one by one. */
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
