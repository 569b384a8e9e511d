import type { Alerts } from '../records/alerts.ts';
import { parseRecord } from '../records/connection-record.ts';
import { remoteEndpoint } from '../records/endpoint.ts';
import type { IsLocal } from '../records/locality.ts';
import { parseJson } from '../records/parse-json.ts';
import { sqsText } from '../records/sqs-text.ts';
import { withAlerts } from '../records/with-alerts.ts';
import type { ConnectionEntry, InvalidEntry } from './log-entry.ts';
import type { PackableRecord } from './packing.ts';

/** A record of the user's input on its way to the queue. */
export interface OutgoingRecord extends PackableRecord {
  /** Place in the input, from 1. */
  readonly position: number;
  /** Canonical text, from which the identity derives; absent if it is not a record. */
  readonly canonical?: string;
}

/** Largest SQS message. */
const MAX_MESSAGE_BYTES = 1_048_576;

/** Invalid records are packed together. */
const INVALID_GROUP = '';

/**
 * A record is packed with others of its remote address. It is sent unchanged unless white space makes it larger than a
 * message.
 */
export function outgoingRecord(entry: ConnectionEntry, isLocal: IsLocal): OutgoingRecord {
  const { position, record, canonical } = entry;
  const text = entry.text.length * 3 > MAX_MESSAGE_BYTES ? canonical : entry.text;
  return { text, group: remoteEndpoint(record, isLocal).address, position, canonical };
}

/** Adds the alerts on the connection: the service itself receives no alerts. */
export function withDetections(outgoing: OutgoingRecord, alerts: Alerts): OutgoingRecord {
  const json = outgoing.canonical === undefined ? undefined : parseJson(outgoing.canonical);
  const parsed = json?.ok ? parseRecord(json.value) : undefined;
  const added = parsed?.ok ? withAlerts(parsed, alerts) : undefined;
  if (added === undefined) return outgoing;
  return { ...outgoing, text: sqsText(added.canonical), canonical: added.canonical };
}

/**
 * Invalid entries can be sent too, for the service to keep.
 *
 * @returns undefined if no message can hold the entry as it is
 */
export function outgoingInvalid({ text, position }: InvalidEntry): OutgoingRecord | undefined {
  const sent = sqsText(text);
  // An array that is a message's only content would be read as its elements.
  if (sent.trimStart().startsWith('[') || Buffer.byteLength(sent) > MAX_MESSAGE_BYTES) return undefined;
  return { text: sent, group: INVALID_GROUP, position };
}
