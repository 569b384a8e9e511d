import { type AddressRange, sizeOf } from '../lists/address-range.ts';
import { isNeutral } from '../lists/list-traits.ts';
import { dayOf, type ListedRange } from '../lists/listed-range.ts';
import { packRanges, unpackRanges } from '../lists/packed-ranges.ts';
import { NeverListedAddresses } from '../lists/reading/never-listed.ts';
import type { StoredList } from '../lists/stored-list.ts';
import type { Feed } from './feed.ts';
import { type FeedProblem, type FeedState, type GoodTry, isDue } from './feed-state.ts';
import type { FeedStore } from './feed-store.ts';
import { fetchFeed } from './fetch-feed.ts';
import type { FetchLimits, FetchOutcome, Validators } from './fetch-outcome.ts';
import { judgeFeed } from './judge-feed.ts';
import { listedAgain, nextList } from './next-list.ts';
import { readFeed } from './read-feed.ts';

/** The result of a try. */
export interface FeedReport {
  readonly feed: string;
  readonly outcome: 'refreshed' | 'unchanged' | 'failed' | 'not-due';
  /** After the try. */
  readonly state: FeedState;
}

export interface RefreshFeedOptions {
  readonly store: FeedStore;
  /** The site's networks, which no list may name. */
  readonly homeNetworks: readonly string[];
  /** Reads the key that a feed needs; undefined if there is none. */
  readonly readKey: (provider: NonNullable<Feed['keyOf']>) => Promise<string | undefined>;
  /** Also tries feeds that are not due. */
  readonly isForced?: boolean;
  /** Accepts a list even if it has shrunk to less than half. */
  readonly mayShrink?: boolean;
  readonly limits?: FetchLimits;
  readonly mostEntries?: number;
  readonly now?: () => number;
}

/** A million entries take about 10 MB in the memory of every execution environment that scores. */
const MOST_ENTRIES = 1_000_000;
const DAY_MS = 86_400_000;

/** State at the start of a try. */
interface Beginning {
  readonly nowMs: number;
  readonly state: FeedState | undefined;
  /** The last good list, if it is still in use. */
  readonly current: StoredList | undefined;
}

type Failure = {
  readonly problem: { readonly kind: FeedProblem; readonly detail: string };
  readonly retryAtMs?: number;
};

/**
 * Refreshes the list of one feed, if it is due according to its state. If a list can't be fetched or is rejected, the
 * last good one stays in use until it expires. Repeating a refresh is harmless.
 *
 * ```
 * state: "interrupted"  |  list, then its index  |  state: the result
 *    a process killed here counts as a failure: the feed waits longer, and others get their turn first
 * ```
 *
 * @throws whatever the store throws
 */
export async function refreshFeed(
  feed: Feed,
  state: FeedState | undefined,
  options: RefreshFeedOptions,
): Promise<FeedReport> {
  const { store, now = Date.now } = options;
  const nowMs = now();
  if (!options.isForced && state !== undefined && !isDue(feed, state, nowMs)) {
    return { feed: feed.name, outcome: 'not-due', state };
  }
  const current = (await store.lists(nowMs)).find(({ source }) => source === feed.name);
  const beginning = { nowMs, state, current };
  await store.putState(feed.name, failed(beginning, interrupted));
  const result = await attempt(feed, beginning, options);
  const isGood = 'good' in result;
  const after: FeedState = isGood
    ? { lastTryMs: nowMs, failures: 0, good: result.good }
    : failed(beginning, result.failure);
  await store.putState(feed.name, after);
  return { feed: feed.name, outcome: isGood ? result.outcome : 'failed', state: after };
}

const interrupted: Failure = {
  problem: { kind: 'interrupted', detail: 'the refresh did not finish' },
};

function failed({ nowMs, state }: Beginning, { problem, retryAtMs }: Failure): FeedState {
  return {
    lastTryMs: nowMs,
    failures: (state?.failures ?? 0) + 1,
    problem,
    ...(retryAtMs !== undefined && { retryAtMs }),
    ...(state?.good && { good: state.good }),
  };
}

type Attempt =
  | { readonly outcome: 'refreshed' | 'unchanged'; readonly good: GoodTry }
  | { readonly failure: Failure };

async function attempt(feed: Feed, beginning: Beginning, options: RefreshFeedOptions): Promise<Attempt> {
  const { store } = options;
  const { current, state } = beginning;
  const before = current && (await store.load(current));
  // Without the last list, nothing can be unchanged.
  const validators = before === undefined ? undefined : state?.good?.validators;
  const fetched = await fetchOrRead(feed, validators, options);
  if ('failure' in fetched) return fetched;
  const last = before === undefined ? undefined : unpackRanges(before);
  if (fetched.status === 'unchanged') return await confirm(feed, last?.ranges() ?? [], beginning, options);
  return await take(feed, fetched, last?.ranges() ?? [], beginning, options);
}

async function fetchOrRead(
  feed: Feed,
  validators: Validators | undefined,
  { readKey, limits, now }: RefreshFeedOptions,
): Promise<Exclude<FetchOutcome, { readonly status: 'failed' }> | { readonly failure: Failure }> {
  if (feed.entries !== undefined) {
    return { status: 'fetched', body: Buffer.from(feed.entries.join('\n')), validators: {} };
  }
  const key = feed.keyOf && (await readKey(feed.keyOf));
  if (feed.keyOf !== undefined && key === undefined) {
    return { failure: { problem: { kind: 'key-missing', detail: `no key for ${feed.keyOf} is stored` } } };
  }
  const outcome = await fetchFeed(feed, { validators, key, limits, now });
  if (outcome.status !== 'failed') return outcome;
  const { problem: kind, detail, retryAtMs } = outcome;
  return { failure: { problem: { kind, detail }, ...(retryAtMs !== undefined && { retryAtMs }) } };
}

/** The publisher says that the list is unchanged: its entries are then dated today. */
async function confirm(
  feed: Feed,
  before: Iterable<ListedRange>,
  { nowMs, state, current }: Beginning,
  options: RefreshFeedOptions,
): Promise<Attempt> {
  const good = { ...(state?.good as GoodTry), atMs: nowMs };
  const lastDay = dayOf(current?.listedAtMs ?? nowMs);
  const today = dayOf(nowMs);
  if (lastDay !== today) {
    await store(feed, listedAgain(before, lastDay, today), good, options);
  }
  return { outcome: 'unchanged', good };
}

async function take(
  feed: Feed,
  { body, validators }: { readonly body: Buffer; readonly validators: Validators },
  before: Iterable<ListedRange>,
  { nowMs, state, current }: Beginning,
  options: RefreshFeedOptions,
): Promise<Attempt> {
  const { homeNetworks, mostEntries = MOST_ENTRIES, mayShrink } = options;
  const neverListed = new NeverListedAddresses(homeNetworks, isNeutral(feed.kind));
  const read = readFeed(body, feed, neverListed, mostEntries);
  const lastEntries = current === undefined || mayShrink ? undefined : state?.good?.entries;
  const judgement = judgeFeed(feed, read, lastEntries);
  if (!judgement.isSound) {
    return { failure: { problem: { kind: judgement.problem, detail: judgement.detail } } };
  }
  const { entries, dropped } = read;
  const good = { atMs: nowMs, validators, entries, dropped };
  await store(feed, nextList(feed, read.ranges, before, dayOf(nowMs), mostEntries), good, options);
  return { outcome: 'refreshed', good };
}

async function store(
  { name, kind, family, weight, halfLifeDays, expiresDays }: Feed,
  ranges: readonly ListedRange[],
  { atMs, dropped }: GoodTry,
  options: RefreshFeedOptions,
): Promise<void> {
  const chunks = packRanges(ranges);
  const list: StoredList = {
    source: name,
    // Two simultaneous refreshes must not share items.
    version: `${atMs.toString(36)}-${crypto.randomUUID().slice(0, 8)}`,
    ...{ kind, family, weight, halfLifeDays },
    ranges: ranges.length,
    addresses: addressesIn(ranges),
    chunks: chunks.length,
    leftOut: dropped,
    listedAtMs: atMs,
    expiresAtMs: atMs + expiresDays * DAY_MS,
  };
  await options.store.replace(list, chunks);
}

/** Above 2^53, which a few IPv6 ranges exceed, a number of addresses is not exact. */
function addressesIn(ranges: readonly AddressRange[]): number {
  let addresses = 0n;
  for (const range of ranges) addresses += sizeOf(range);
  return Number(addresses < BigInt(Number.MAX_SAFE_INTEGER) ? addresses : BigInt(Number.MAX_SAFE_INTEGER));
}
