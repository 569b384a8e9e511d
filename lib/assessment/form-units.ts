import { Alerts } from '../records/alerts.ts';
import { contentHash } from '../records/content-hash.ts';
import type { RejectedRecord } from '../records/message-body.ts';
import { PACKED_ENTRIES } from '../records/packed-entries.ts';
import { MILLISECONDS_PER_MINUTE, minuteOf, minuteUnit } from '../store/keys.ts';
import { originOf, type QueuedMessage } from './queued-message.ts';
import { countOf, type ReadBody, type ReadRecord } from './read-body.ts';
import type { Rejection } from './rejected-queue.ts';

/** A distinct record of a unit. */
export interface UnitRecord extends ReadRecord {
  /** The source that counts it, as an index into the unit's list. */
  readonly source: number;
  /** Further sources that hold it, if any. */
  others?: number[];
}

/** The contribution of one body to a unit. Its messages are stored together or not at all. */
export interface UnitSource {
  readonly messages: readonly QueuedMessage[];
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
  /** How many entries the rejections of one of the messages stand for. */
  readonly rejectedCount: number;
  /** Entries that are not connections, by kind. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Returns an entry as it was received, by its index. */
  readonly textOf: (index: number) => string;
}

/** A storage unit: the records that are scored and stored together. */
export interface ReadUnit {
  /** See `minuteUnit`. */
  readonly unit: string;
  /** When the queue first received it, epoch milliseconds. */
  readonly ingestedAtMs: number;
  readonly sources: readonly UnitSource[];
  /** Distinct records by remote address; the records of an address are in canonical order. */
  readonly addresses: ReadonlyMap<string, readonly UnitRecord[]>;
  /** What entries that are not connections say about connections. Records stay as they were sent. */
  readonly alerts: Alerts;
  /** Defects that affected valid records, one line each; the records are among the rejected ones. */
  readonly defects: readonly string[];
}

export function isPacked({ entries }: ReadBody): boolean {
  return entries >= PACKED_ENTRIES;
}

/**
 * Makes the unit of messages that share one body of many records. It is named by its content, so its name does not
 * depend on the sender.
 */
export function packedUnit(body: ReadBody): ReadUnit {
  const [message] = body.messages;
  return formUnit(contentHash(message.body), originOf(message).sentAtMs, [body]);
}

/**
 * Groups small messages that arrived in the same minute. Messages with rejected entries form units of their own: if the
 * rejections can't be sent, no other messages have to be delivered again.
 */
export function minuteUnits(bodies: readonly ReadBody[]): ReadUnit[] {
  const groups = Map.groupBy(bodies.flatMap(byOrigin), ({ messages: [message], rejected }) => {
    return `${minuteOf(originOf(message).sentAtMs)} ${rejected.length > 0}`;
  });
  return [...groups.values()].map((group) => {
    const sources = group.map((body) => ({ body, origin: originOf(body.messages[0]) }));
    sources.sort((a, b) => (a.origin.messageId < b.origin.messageId ? -1 : 1));
    const messageIds = sources.map(({ origin }) => origin.messageId);
    const minute = minuteOf(sources[0]?.origin.sentAtMs ?? 0);
    const unit = minuteUnit(minute, messageIds);
    return formUnit(
      unit,
      minute * MILLISECONDS_PER_MINUTE,
      sources.map(({ body }) => body),
    );
  });
}

/** Deliveries of one message are one source; messages that happen to have the same body are not. */
function byOrigin(body: ReadBody): ReadBody[] {
  if (body.messages.length === 1) return [body];
  const byId = new Map<string, [QueuedMessage, ...QueuedMessage[]]>();
  for (const message of body.messages) {
    const { messageId } = originOf(message);
    const known = byId.get(messageId);
    if (known === undefined) byId.set(messageId, [message]);
    else known.push(message);
  }
  return [...byId.values()].map((messages) => ({ ...body, messages }));
}

function formUnit(unit: string, ingestedAtMs: number, bodies: readonly ReadBody[]): ReadUnit {
  const addresses = new Map<string, UnitRecord[]>();
  const seen = new Map<string, UnitRecord>();
  const alerts = new Alerts();
  for (const body of bodies) for (const alert of body.alerts) alerts.add(alert);
  const sources = bodies.map((body, source): UnitSource => {
    let stored = 0;
    for (const read of body.records) {
      const known = seen.get(read.canonical);
      if (known !== undefined) {
        noteSource(known, source);
        continue;
      }
      stored++;
      const { record, canonical, index, endpoint } = read;
      const mine: UnitRecord = { record, canonical, index, endpoint, source };
      seen.set(canonical, mine);
      const records = addresses.get(endpoint.address);
      if (records === undefined) addresses.set(endpoint.address, [mine]);
      else records.push(mine);
    }
    const { messages, records, rejected, skipped, textOf } = body;
    return {
      messages,
      stored,
      duplicates: records.length - stored,
      rejected: rejectionsOf(messages, rejected),
      rejectedCount: countOf(rejected),
      skipped,
      textOf,
    };
  });
  for (const records of addresses.values()) if (!isInOrder(records)) records.sort(inCanonicalOrder);
  return {
    unit,
    ingestedAtMs,
    sources,
    addresses,
    alerts,
    defects: bodies.flatMap(({ defects }) => defects),
  };
}

/** Sources arrive in order, so a source that was already noted is the last one. */
function noteSource(record: UnitRecord, source: number): void {
  if (source === record.source || source === record.others?.at(-1)) return;
  record.others ??= [];
  record.others.push(source);
}

/** Rejections count for each message, since source message and index identify one. */
export function rejectionsOf(
  messages: readonly QueuedMessage[],
  rejected: readonly RejectedRecord[],
): Rejection[] {
  if (rejected.length === 0) return [];
  const messageIds = new Set(messages.map((message) => originOf(message).messageId));
  return [...messageIds].flatMap((messageId) => rejected.map((each) => ({ ...each, messageId })));
}

/** Orders distinct records by their content alone, so that the order is the same for every delivery. */
function inCanonicalOrder(a: ReadRecord, b: ReadRecord): number {
  return a.record.timestamp - b.record.timestamp || (a.canonical < b.canonical ? -1 : 1);
}

/** Sensors write in time order, so there is usually nothing to sort. */
function isInOrder(records: readonly ReadRecord[]): boolean {
  for (let index = 1; index < records.length; index++) {
    const [before, after] = [records[index - 1], records[index]];
    if (before !== undefined && after !== undefined && inCanonicalOrder(before, after) > 0) return false;
  }
  return true;
}
