import {
  ADDRESS_SHARDS,
  BLOCKLIST_PARTITION_PREFIX,
  INTEL_PARTITION_PREFIX,
  LABEL_PARTITION_PREFIX,
  QUOTA_PARTITION_PREFIX,
  TIME_SHARDS,
} from './table-schema.ts';

/** Primary key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** One text for a key, to look it up by. */
export function keyText({ pk, sk }: ItemKey): string {
  return `${pk}\n${sk}`;
}

/** What the time index tells apart. */
export type TimedKind = 'summary' | 'attention' | 'label';

/** Digits of a time in milliseconds up to the year 9999, so that text order is time order. */
const TIME_DIGITS = 15;
const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Key of what one message says about one address. It derives from content alone, so that a message that
 * comes again overwrites what it wrote.
 *
 * @param message content hash of the message body
 * @param latestMs time of the latest connection that the item covers, epoch milliseconds
 * @param part counts items of the same message and address from 0
 */
export function addressItemKey(address: string, message: string, latestMs: number, part: number): ItemKey {
  const time = String(Math.round(latestMs)).padStart(TIME_DIGITS, '0');
  return {
    pk: addressPartition(address, shardOf(message, ADDRESS_SHARDS)),
    sk: `${time}#${message}#${part}`,
  };
}

export function addressPartition(address: string, shard: number): string {
  return `address#${address}#${shard}`;
}

/** The address that an item with this partition key is about. */
export function addressOfPartition(pk: string): string {
  return pk.split('#')[1] ?? '';
}

/** Key of a message's summary; what does not fit in part 0 is in further parts. */
export function summaryKey(message: string, part = 0): ItemKey {
  return { pk: `message#${message}`, sk: `summary#${part}` };
}

/** Key of the label that a human gave to an assessment, by the assessment's key and place in its item. */
export function labelKey(address: string, { sk }: ItemKey, index: number): ItemKey {
  return { pk: `${LABEL_PARTITION_PREFIX}${address}`, sk: `${sk}#${index}` };
}

/**
 * Key of what providers said about an address.
 *
 * @param origin tells stand-ins for the providers apart; empty for the providers themselves
 */
export function answerKey(address: string, origin: string): ItemKey {
  return { pk: `${INTEL_PARTITION_PREFIX}${address}`, sk: `answers#${origin}` };
}

/** Key of the calls that were made to a provider. */
export function quotaKey(provider: string, origin: string): ItemKey {
  return { pk: `${QUOTA_PARTITION_PREFIX}${provider}`, sk: `calls#${origin}` };
}

/** Key of the list of offline sets. */
export const BLOCKLISTS_KEY: ItemKey = { pk: `${BLOCKLIST_PARTITION_PREFIX}s`, sk: 'sets' };

/** Key of a part of an offline set. */
export function blocklistKey(source: string, version: string, chunk: number): ItemKey {
  return { pk: `${BLOCKLIST_PARTITION_PREFIX}#${source}#${version}#${chunk}`, sk: 'addresses' };
}

/** Partition of the time index for one kind of item, the day (UTC) of its arrival and its message. */
export function timeBucket(kind: TimedKind, ingestedAtMs: number, message: string): string {
  return timePartition(kind, ingestedAtMs, shardOf(message, TIME_SHARDS));
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
  return `${kind}#${new Date(ms).toISOString().slice(0, 10)}#${shard}`;
}

/** A hash's first character is one of 64 about equally likely ones. */
function shardOf(hash: string, shards: number): number {
  return hash.charCodeAt(0) % shards;
}
