import type { ConnectionRecord } from '../records/connection-record.ts';
import { type Endpoint, remoteEndpoint } from '../records/endpoint.ts';
import type { IsLocal } from '../records/locality.ts';
import { type AcceptedRecord, decodeBody, type RejectedRecord } from '../records/message-body.ts';
import { oneLine } from './batch-failures.ts';
import type { QueuedMessage } from './queued-message.ts';

/** A record with the side of it that is scored. */
export interface ReadRecord extends AcceptedRecord {
  readonly endpoint: Endpoint;
}

/** A message as it was understood: distinct records by remote address, and what is none. */
export interface ReadMessage {
  readonly message: QueuedMessage;
  /** Records of an address come in canonical order, whatever their order in the message. */
  readonly addresses: ReadonlyMap<string, readonly ReadRecord[]>;
  readonly rejected: readonly RejectedRecord[];
  readonly stored: number;
  readonly duplicates: number;
  /** Gives a record as it came, by its index. */
  readonly textOf: (index: number) => string;
  /** What went wrong with valid records, a line each; they are among the rejected ones. */
  readonly defects: readonly string[];
}

/** Reads a message: which records it holds, and which addresses they are about. */
export function readMessage(message: QueuedMessage, isLocal: IsLocal): ReadMessage {
  const { accepted, rejected, textOf } = decodeBody(message.body);
  const addresses = new Map<string, ReadRecord[]>();
  const defective: RejectedRecord[] = [];
  const defects: string[] = [];
  const seen = new Set<string>();
  for (const entry of accepted) {
    if (seen.has(entry.canonical)) continue;
    const endpoint = endpointOf(entry.record, isLocal);
    if (typeof endpoint === 'string') {
      defective.push(rejectedForDefect(entry, endpoint, textOf));
      defects.push(endpoint);
      continue;
    }
    seen.add(entry.canonical);
    const records = addresses.get(endpoint.address);
    if (records === undefined) addresses.set(endpoint.address, [{ ...entry, endpoint }]);
    else records.push({ ...entry, endpoint });
  }
  for (const records of addresses.values()) records.sort(inCanonicalOrder);
  return {
    message,
    addresses,
    rejected: defective.length === 0 ? rejected : [...rejected, ...defective],
    stored: seen.size,
    duplicates: accepted.length - defective.length - seen.size,
    textOf,
    defects,
  };
}

/** Orders distinct records by what they say alone, so that it is the same for every delivery. */
function inCanonicalOrder(a: ReadRecord, b: ReadRecord): number {
  return a.record.timestamp - b.record.timestamp || (a.canonical < b.canonical ? -1 : 1);
}

/** @returns the endpoint, or one line that says why there is none: a defect, since the record is valid */
function endpointOf(record: ConnectionRecord, isLocal: IsLocal): Endpoint | string {
  try {
    return remoteEndpoint(record, isLocal);
  } catch (error) {
    return oneLine(error);
  }
}

/** Hands a valid record on to the rejected queue that a defect keeps from being scored. */
export function rejectedForDefect(
  { index }: Pick<AcceptedRecord, 'index'>,
  defect: string,
  textOf: (index: number) => string,
): RejectedRecord {
  return { scope: 'record', index, text: textOf(index), reason: `could not be scored: ${defect}` };
}
