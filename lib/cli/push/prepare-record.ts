import { type ConnectionRecord, parseRecord } from '../../records/connection-record.ts';
import { remoteEndpoint } from '../../records/endpoint.ts';
import type { RecordText } from '../../records/formats/json-records.ts';
import type { IsLocal } from '../../records/locality.ts';
import type { PackableRecord } from '../../records/packing.ts';
import { parseJson } from '../../records/parse-json.ts';
import { recordIdentity } from '../../records/record-identity.ts';
import { sqsText } from '../../records/sqs-text.ts';

/** A record of the user's input on its way to the queue. */
export interface PreparedRecord extends PackableRecord {
  /** Place in the input, from 1. */
  readonly position: number;
  /** Hash of the canonical record; absent where it is none, which the service is left to say. */
  readonly identity?: string;
}

/** Invalid records travel together; they are sent all the same, so that the service keeps them. */
const INVALID_GROUP = '';

/** Reads a record as the service will, to know what it should share a message with and how to find it again. */
export function prepareRecord({ text, position }: RecordText, isLocal: IsLocal): PreparedRecord {
  const sent = sqsText(text);
  const record = parseText(sent);
  if (record === undefined) return { text: sent, group: INVALID_GROUP, position };
  const { address } = remoteEndpoint(record, isLocal);
  return { text: sent, group: address, position, identity: recordIdentity(record) };
}

function parseText(text: string): ConnectionRecord | undefined {
  const json = parseJson(text);
  const parsed = json.ok ? parseRecord(json.value) : json;
  return parsed.ok ? parsed.record : undefined;
}
