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
  /** Canonical text, from which the identity derives; absent if it is no record. */
  readonly canonical?: string;
}

/** What one SQS message holds. */
const MAX_MESSAGE_BYTES = 1_048_576;

/** Invalid records travel together. */
const INVALID_GROUP = '';

/** A record travels with those of its remote address, as it came unless white space makes it larger than a message. */
export function outgoingRecord(entry: ConnectionEntry, isLocal: IsLocal): OutgoingRecord {
  const { position, record, canonical } = entry;
  const text = entry.text.length * 3 > MAX_MESSAGE_BYTES ? canonical : entry.text;
  return { text, group: remoteEndpoint(record, isLocal).address, position, canonical };
}

/** Adds what alerts say of the connection: the service is sent no alerts. */
export function withDetections(outgoing: OutgoingRecord, alerts: Alerts): OutgoingRecord {
  const json = outgoing.canonical === undefined ? undefined : parseJson(outgoing.canonical);
  const parsed = json?.ok ? parseRecord(json.value) : undefined;
  const added = parsed?.ok ? withAlerts(parsed, alerts) : undefined;
  if (added === undefined) return outgoing;
  return { ...outgoing, text: sqsText(added.canonical), canonical: added.canonical };
}

/**
 * What is no record can be sent all the same, for the service to keep.
 *
 * @returns undefined if a message cannot hold it as what it is
 */
export function outgoingInvalid({ text, position }: InvalidEntry): OutgoingRecord | undefined {
  const sent = sqsText(text);
  // Alone in a message, an array would be read as what is in it.
  if (sent.trimStart().startsWith('[') || Buffer.byteLength(sent) > MAX_MESSAGE_BYTES) return undefined;
  return { text: sent, group: INVALID_GROUP, position };
}
