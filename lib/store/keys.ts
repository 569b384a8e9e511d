import type { Direction } from '../consensus/scoring-input.ts';
import { contentHash } from '../records/content-hash.ts';
import {
  ADDRESS_PARTITION_PREFIX,
  ADDRESS_SHARDS,
  ALLOWLIST_PARTITION,
  ANNOUNCED_PARTITION_PREFIX,
  ATTEMPT_PARTITION_PREFIX,
  FINDING_PARTITION_PREFIX,
  INTEL_PARTITION_PREFIX,
  LABEL_PARTITION_PREFIX,
  LIST_PARTITION_PREFIX,
  MINUTE_SHARDS,
  OBJECT_PARTITION_PREFIX,
  OUTBOX_PARTITION_PREFIX,
  OUTBOX_SHARDS,
  QUOTA_PARTITION_PREFIX,
  SUMMARY_PART_SORT_KEY,
  SUMMARY_SORT_KEY,
  TIME_SHARDS,
  UNIT_PARTITION_PREFIX,
} from './table-schema.ts';

/** Primary key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Text form of a key, for look-ups. */
export function keyText({ pk, sk }: ItemKey): string {
  return `${pk}\n${sk}`;
}

/** Kinds of items in the time index. */
export type TimedKind = 'summary' | 'finding' | 'label' | 'object';

/** Digits of a time in milliseconds up to the year 9999, so that text order is time order. */
const TIME_DIGITS = 15;
const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Names a storage unit: the records that are scored and stored together. A message of many records is a unit by itself,
 * named by the content hash of its body. Small messages form units by the minute in which the queue first received
 * them: those are named by the minute and a hash of the messages' ids.
 */
export function minuteUnit(minute: number, messageIds: readonly string[]): string {
  return `${minute}.${contentHash(messageIds.toSorted().join('\n'))}`;
}

/** Minutes since the epoch. */
export function minuteOf(epochMs: number): number {
  return Math.floor(epochMs / MILLISECONDS_PER_MINUTE);
}

export const MILLISECONDS_PER_MINUTE = 60_000;

function parseUnit(unit: string): { readonly minute: number | undefined; readonly hash: string } {
  const dot = unit.indexOf('.');
  return { minute: dot === -1 ? undefined : Number(unit.slice(0, dot)), hash: unit.slice(dot + 1) };
}

/** The parts of an address item's key. */
export interface AddressItemName {
  readonly address: string;
  /** The storage unit: see `minuteUnit`. */
  readonly unit: string;
  /** Time of the address's latest connection in the unit, epoch milliseconds. */
  readonly latestMs: number;
  /** See `recordsHash`. */
  readonly records: string;
}

/**
 * Builds the key of an item that holds connections of one address from one storage unit. It derives from those
 * connections alone: a delivery can only replace an item with one that holds the same records, even if verdicts have
 * changed the layout since.
 */
export function addressItemKey({ address, unit, latestMs, records }: AddressItemName): ItemKey {
  const time = String(Math.round(latestMs)).padStart(TIME_DIGITS, '0');
  return {
    pk: addressPartition(address, shardOf(unit, ADDRESS_SHARDS)),
    sk: `${time}#${unit}#${records}`,
  };
}

const ADDRESS_PK = /^address#([^#]+)#\d+$/;
const ADDRESS_SK = /^(\d{15})#([^#]+)#([^#]+)$/;

/** @returns undefined if it is not the key of an address item */
export function parseAddressItemKey({ pk, sk }: ItemKey): AddressItemName | undefined {
  const [, address] = ADDRESS_PK.exec(pk) ?? [];
  const [, time, unit, records] = ADDRESS_SK.exec(sk) ?? [];
  if (address === undefined || unit === undefined || records === undefined) return undefined;
  return { address, unit, latestMs: Number(time), records };
}

export function addressPartition(address: string, shard: number): string {
  return `${ADDRESS_PARTITION_PREFIX}${address}#${shard}`;
}

/**
 * Builds the key of a unit's summary. The summaries of a minute's units are adjacent, so that a message can be found
 * among them.
 */
export function summaryKey(unit: string): ItemKey {
  const { minute, hash } = parseUnit(unit);
  if (minute === undefined) return { pk: `${UNIT_PARTITION_PREFIX}${hash}`, sk: SUMMARY_SORT_KEY };
  return { pk: minutePartition(minute, shardOf(hash, MINUTE_SHARDS)), sk: `${SUMMARY_SORT_KEY}#${hash}` };
}

/**
 * Builds the key of a part that holds what does not fit the summary itself; `entries` is a hash of the entries it
 * lists.
 */
export function furtherSummaryKey(unit: string, entries: string): ItemKey {
  const { hash } = parseUnit(unit);
  return { pk: summaryKey(unit).pk, sk: `${SUMMARY_PART_SORT_KEY}#${hash}#${entries}` };
}

/** @returns the unit of the summary with this key */
export function unitOfSummary({ pk, sk }: ItemKey): string {
  const [minute = ''] = pk.slice(UNIT_PARTITION_PREFIX.length).split('#');
  return sk === SUMMARY_SORT_KEY ? minute : `${minute}.${sk.slice(SUMMARY_SORT_KEY.length + 1)}`;
}

/** All partitions that hold the summaries of a minute's units. */
export function minutePartitions(minute: number): string[] {
  return Array.from({ length: MINUTE_SHARDS }, (_, shard) => minutePartition(minute, shard));
}

function minutePartition(minute: number, shard: number): string {
  return `${UNIT_PARTITION_PREFIX}${minute}#${shard}`;
}

/** Builds the key of a human's label for an endpoint of an address in a unit. */
export function labelKey(address: string, unit: string, endpoint: string): ItemKey {
  return { pk: labelPartition(address), sk: `${unit}#${endpoint}` };
}

export function labelPartition(address: string): string {
  return `${LABEL_PARTITION_PREFIX}${address}`;
}

/** @returns the address of the label with this key */
export function addressOfLabel({ pk }: ItemKey): string {
  return pk.slice(LABEL_PARTITION_PREFIX.length);
}

/**
 * Key of providers' answers about an address.
 *
 * @param origin separates stand-ins for the providers; empty for the providers themselves
 */
export function answerKey(address: string, origin: string): ItemKey {
  return { pk: `${INTEL_PARTITION_PREFIX}${address}`, sk: `answers#${origin}` };
}

/** @returns the address of the answers with this key */
export function addressOfAnswer({ pk }: ItemKey): string {
  return pk.slice(INTEL_PARTITION_PREFIX.length);
}

/** Key of the attempts at delivering a message. */
export function attemptsKey(messageId: string): ItemKey {
  return { pk: `${ATTEMPT_PARTITION_PREFIX}${messageId}`, sk: 'attempts' };
}

/** @returns the id of the message whose attempts have this key */
export function messageOfAttempts({ pk }: ItemKey): string {
  return pk.slice(ATTEMPT_PARTITION_PREFIX.length);
}

/** Key of the state of a log file in S3. */
export function logObjectKey(id: string): ItemKey {
  return { pk: `${OBJECT_PARTITION_PREFIX}${id}`, sk: 'object' };
}

/** @returns the id of the log file with this key */
export function idOfLogObject({ pk }: ItemKey): string {
  return pk.slice(OBJECT_PARTITION_PREFIX.length);
}

/** Key of a provider's quota counter. */
export function quotaKey(provider: string, origin: string): ItemKey {
  return { pk: `${QUOTA_PARTITION_PREFIX}${provider}`, sk: `calls#${origin}` };
}

/** Key of the allowlist. */
export const ALLOWLIST_KEY: ItemKey = { pk: ALLOWLIST_PARTITION, sk: 'entries' };

/** Key of the index of lists. */
export const LISTS_KEY: ItemKey = { pk: `${LIST_PARTITION_PREFIX}s`, sk: 'index' };

/** Key of the state of all feeds. */
export const FEEDS_KEY: ItemKey = { pk: `${LIST_PARTITION_PREFIX}s`, sk: 'feeds' };

/** Key of a part of a list. */
export function listChunkKey(source: string, version: string, chunk: number): ItemKey {
  return { pk: `${LIST_PARTITION_PREFIX}#${source}#${version}#${chunk}`, sk: 'ranges' };
}

/** The parts of a finding's key. */
export interface FindingName {
  readonly address: string;
  /** UTC, `2026-11-27`. */
  readonly day: string;
  readonly direction: Direction;
}

/** The day (UTC) of a time, as findings and the time index name it: `2026-11-27`. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Builds the key of the finding about an address, for a day and a direction. */
export function findingKey({ address, day, direction }: FindingName): ItemKey {
  return { pk: findingPartition(address), sk: `${day}#${direction}` };
}

export function findingPartition(address: string): string {
  return `${FINDING_PARTITION_PREFIX}${address}`;
}

/** @returns the parts of a finding's key */
export function parseFindingKey({ pk, sk }: ItemKey): FindingName {
  const [day = '', direction = ''] = sk.split('#');
  return { address: pk.slice(FINDING_PARTITION_PREFIX.length), day, direction: direction as Direction };
}

/** Names the partition of the time index that holds a finding. */
export function findingBucket({ address }: FindingName, ingestedAtMs: number): string {
  return timeBucket('finding', ingestedAtMs, contentHash(address));
}

/**
 * Key of the announcements decided, and still to be sent, for a subject.
 *
 * @param subject an address, or another subject of announcements
 */
export function announcedKey(subject: string): ItemKey {
  return { pk: `${ANNOUNCED_PARTITION_PREFIX}${subject}`, sk: 'announced' };
}

/** @returns the subject of the announcements with this key */
export function subjectOfAnnounced({ pk }: ItemKey): string {
  return pk.slice(ANNOUNCED_PARTITION_PREFIX.length);
}

/** Names the partition of the time index that holds a subject's announcements until they are sent. */
export function outboxBucket(subject: string): string {
  return outboxPartition(shardOf(contentHash(subject), OUTBOX_SHARDS));
}

/** All partitions of the time index that hold announcements to be sent. */
export function outboxPartitions(): string[] {
  return Array.from({ length: OUTBOX_SHARDS }, (_, shard) => outboxPartition(shard));
}

function outboxPartition(shard: number): string {
  return `${OUTBOX_PARTITION_PREFIX}${shard}`;
}

/** Names the partition of the time index for one kind of item, the day (UTC) of its arrival and its unit. */
export function timeBucket(kind: TimedKind, ingestedAtMs: number, unit: string): string {
  return timePartition(kind, ingestedAtMs, shardOf(unit, TIME_SHARDS));
}

/** All partitions of the time index that hold a time range, latest day first. */
export function timePartitions(kind: TimedKind, fromMs: number, toMs: number): string[] {
  const partitions: string[] = [];
  const firstDay = Math.floor(fromMs / MILLISECONDS_PER_DAY);
  for (let day = Math.floor(toMs / MILLISECONDS_PER_DAY); day >= firstDay; day--) {
    for (let shard = 0; shard < TIME_SHARDS; shard++) {
      partitions.push(timePartition(kind, day * MILLISECONDS_PER_DAY, shard));
    }
  }
  return partitions;
}

function timePartition(kind: TimedKind, ms: number, shard: number): string {
  return `${kind}#${dayOf(ms)}#${shard}`;
}

/** In the order of their values (RFC 4648, section 5). */
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The first character of a hash is one of 64 equally likely ones, so a power of two of shards is filled evenly. */
function shardOf(unit: string, shards: number): number {
  return Math.max(0, BASE64URL.indexOf(parseUnit(unit).hash.charAt(0))) % shards;
}
