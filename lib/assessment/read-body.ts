import type { Alert } from '../records/alert.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import { type Endpoint, remoteEndpoint } from '../records/endpoint.ts';
import type { IsLocal } from '../records/locality.ts';
import { type AcceptedRecord, decodeBody, type RejectedRecord } from '../records/message-body.ts';
import { oneLine } from './one-line.ts';
import type { QueuedMessage } from './queued-message.ts';

/** A record with its endpoint, which is what gets scored. */
export interface ReadRecord extends AcceptedRecord {
  readonly endpoint: Endpoint;
}

/** A message body after parsing. */
export interface ReadBody {
  /** Messages with this body; more than one if it arrived twice. */
  readonly messages: readonly [QueuedMessage, ...QueuedMessage[]];
  /** Valid records, repeated ones included. */
  readonly records: readonly ReadRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** Entries that are not connections, by kind. */
  readonly skipped: ReadonlyMap<string, number>;
  /** What some of those say about connections. */
  readonly alerts: readonly Alert[];
  /** Number of entries of all kinds. */
  readonly entries: number;
  /** Returns an entry as it was received, by its index. */
  readonly textOf: (index: number) => string;
  /** Defects that affected valid records, one line each; the records are among the rejected ones. */
  readonly defects: readonly string[];
}

/**
 * Reads messages that share one body: the records they hold, and the endpoint of each.
 *
 * @throws TypeError if there is no message
 */
export function readBody(messages: readonly QueuedMessage[], isLocal: IsLocal): ReadBody {
  const [message, ...others] = messages;
  if (message === undefined) throw new TypeError('there is no message to read');
  const { accepted, rejected, skipped, alerts, textOf } = decodeBody(message.body);
  const records: ReadRecord[] = [];
  const defective: RejectedRecord[] = [];
  const defects: string[] = [];
  for (const entry of accepted) {
    const endpoint = endpointOf(entry.record, isLocal);
    if (typeof endpoint === 'string') {
      defective.push(rejectedForDefect(entry, endpoint, textOf));
      defects.push(endpoint);
      continue;
    }
    const { record, canonical, index } = entry;
    records.push({ record, canonical, index, endpoint });
  }
  return {
    messages: [message, ...others],
    records,
    rejected: defective.length === 0 ? rejected : [...rejected, ...defective],
    skipped,
    alerts,
    entries: accepted.length + countOf(rejected) + sumOf(skipped),
    textOf,
    defects,
  };
}

/** @returns how many entries some rejections stand for */
export function countOf(rejected: readonly RejectedRecord[]): number {
  return rejected.reduce((sum, { count = 1 }) => sum + count, 0);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** @returns the endpoint, or one line that says why there is none: a defect, since the record is valid */
function endpointOf(record: ConnectionRecord, isLocal: IsLocal): Endpoint | string {
  try {
    return remoteEndpoint(record, isLocal);
  } catch (error) {
    return oneLine(error);
  }
}

/** Builds the rejection of a valid record that a defect keeps from being scored. */
export function rejectedForDefect(
  { index }: Pick<AcceptedRecord, 'index'>,
  defect: string,
  textOf: (index: number) => string,
): RejectedRecord {
  return { scope: 'record', index, text: textOf(index), reason: `could not be scored: ${defect}` };
}
