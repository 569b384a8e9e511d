import { workThrough } from '../../../aws/worker-pool.ts';
import type { Feed } from '../../../intelligence/feeds/feed.ts';
import type { FeedStore } from '../../../intelligence/feeds/feed-store.ts';
import type { FetchLimits } from '../../../intelligence/feeds/fetch-outcome.ts';
import { type FeedReport, refreshFeed } from '../../../intelligence/feeds/refresh-feed.ts';
import type { FetchedFeeds } from '../../results/feeds.ts';
import type { Progress } from '../progress.ts';

export interface FetchFeedsOptions {
  readonly homeNetworks: readonly string[];
  /** Key of the provider whose list needs one. */
  readonly readKey?: () => Promise<string | undefined>;
  /** Also fetches lists that are not due. */
  readonly isForced?: boolean;
  readonly mayShrink?: boolean;
  readonly progress: Progress;
}

/** A user is waiting. */
const LIMITS: FetchLimits = { timeoutMs: 15_000, bytes: 64 * 2 ** 20, redirects: 5 };
const AT_ONCE = 4;

/**
 * Fetches the lists that are due, and returns those in use afterwards. It soon gives up if no publisher is reachable.
 */
export async function fetchFeeds(
  feeds: readonly Feed[],
  store: FeedStore,
  {
    homeNetworks,
    readKey = async () => undefined,
    isForced = false,
    mayShrink = false,
    progress,
  }: FetchFeedsOptions,
): Promise<FetchedFeeds> {
  progress.step('fetching lists', feeds.length);
  const reports: FeedReport[] = [];
  const states = await store.states();
  await workThrough(feeds, AT_ONCE, async (feed) => {
    if (isOffline(reports) && feed.url !== undefined) return;
    const options = { store, homeNetworks, readKey, isForced, mayShrink, limits: LIMITS };
    reports.push(await refreshFeed(feed, states.get(feed.name), options));
    progress.update(reports.length);
  });
  const names = new Set(feeds.map(({ name }) => name));
  const lists = (await store.lists(Date.now())).filter(({ source }) => names.has(source));
  return { reports, lists };
}

/** If several publishers in a row are unreachable, the network is the cause. */
function isOffline(reports: readonly FeedReport[]): boolean {
  const tried = reports.filter(
    ({ outcome, state }) => outcome === 'failed' && state.problem?.kind !== 'key-missing',
  );
  const isReached = reports.some(
    ({ outcome, state }) => outcome === 'refreshed' && Object.keys(state.good?.validators ?? {}).length > 0,
  );
  return (
    !isReached &&
    tried.length >= AT_ONCE &&
    tried.every(({ state }) => state.problem?.kind === 'unreachable' || state.problem?.kind === 'timeout')
  );
}
