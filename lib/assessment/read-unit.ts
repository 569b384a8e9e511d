import type { ConnectionRecord } from '../records/connection-record.ts';
import { contentHash } from '../records/content-hash.ts';
import { type Endpoint, remoteEndpoint } from '../records/endpoint.ts';
import type { IsLocal } from '../records/locality.ts';
import { type AcceptedRecord, decodeBody, type RejectedRecord } from '../records/message-body.ts';
import { oneLine } from './one-line.ts';
import type { QueuedMessage } from './queued-message.ts';

/** A record with the side of it that is scored. */
export interface ReadRecord extends AcceptedRecord {
  readonly endpoint: Endpoint;
}

/**
 * A storage unit as it was understood: what is scored and stored as one. For now that is what deliveries of one message
 * body hold.
 */
export interface ReadUnit {
  /** Names the unit: the content hash of the body. */
  readonly unit: string;
  /** Messages with this body; more than one where it came twice. */
  readonly messageIds: readonly string[];
  /** When the queue first had the first of them, epoch milliseconds. */
  readonly ingestedAtMs: number;
  /** Distinct records by remote address; those of an address come in canonical order. */
  readonly addresses: ReadonlyMap<string, readonly ReadRecord[]>;
  readonly rejected: readonly RejectedRecord[];
  /** Entries that are no connections, by what they are. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly stored: number;
  readonly duplicates: number;
  /** Gives a record as it came, by its index. */
  readonly textOf: (index: number) => string;
  /** What went wrong with valid records, a line each; they are among the rejected ones. */
  readonly defects: readonly string[];
}

/**
 * Reads messages with one body: which records they hold, and which addresses those are about.
 *
 * @throws TypeError where there is no message
 */
export function readUnit(messages: readonly QueuedMessage[], isLocal: IsLocal): ReadUnit {
  const [message] = messages;
  if (message === undefined) throw new TypeError('there is no message to read');
  const { accepted, rejected, skipped, textOf } = decodeBody(message.body);
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
    const { record, canonical, index } = entry;
    const read = { record, canonical, index, endpoint };
    const records = addresses.get(endpoint.address);
    if (records === undefined) addresses.set(endpoint.address, [read]);
    else records.push(read);
  }
  for (const records of addresses.values()) if (!isInOrder(records)) records.sort(inCanonicalOrder);
  return {
    unit: contentHash(message.body),
    messageIds: messages.map(({ messageId }) => messageId),
    ingestedAtMs: message.sentAtMs,
    addresses,
    skipped,
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

/** Sensors write in the order of time, so that there is mostly nothing to sort. */
function isInOrder(records: readonly ReadRecord[]): boolean {
  for (let index = 1; index < records.length; index++) {
    const [before, after] = [records[index - 1], records[index]];
    if (before !== undefined && after !== undefined && inCanonicalOrder(before, after) > 0) return false;
  }
  return true;
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
