import type { Feed } from './feed.ts';
import type { FeedState } from './feed-state.ts';
import { type FeedReport, type RefreshFeedOptions, refreshFeed } from './refresh-feed.ts';

export interface RefreshFeedsOptions extends RefreshFeedOptions {
  /** No feed is started after this time, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Called with each report as it is ready, and with the error if a feed has none. */
  readonly onReport?: (report: FeedReport) => void;
  readonly onError?: (feed: string, error: unknown) => void;
}

/**
 * Refreshes the feeds that are due, one at a time, those tried longest ago first: a feed that takes too long, or ends
 * the process, is recorded as tried, and the others come first next time.
 *
 * @returns the feeds left for the next run
 * @throws the first error of the store, once all other feeds had their turn
 */
export async function refreshFeeds(
  feeds: readonly Feed[],
  options: RefreshFeedsOptions,
): Promise<{ readonly left: readonly string[] }> {
  const { store, deadlineMs, onReport, onError, now = Date.now } = options;
  const states = await store.states();
  const errors: unknown[] = [];
  const inTurn = longestAgoFirst(feeds, states);
  for (const [index, feed] of inTurn.entries()) {
    if (now() >= deadlineMs) return { left: inTurn.slice(index).map(({ name }) => name) };
    try {
      const report = await refreshFeed(feed, states.get(feed.name), options);
      onReport?.(report);
    } catch (error) {
      onError?.(feed.name, error);
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return { left: [] };
}

function longestAgoFirst(feeds: readonly Feed[], states: ReadonlyMap<string, FeedState>): Feed[] {
  const lastTryMs = ({ name }: Feed) => states.get(name)?.lastTryMs ?? 0;
  return [...feeds].sort((a, b) => lastTryMs(a) - lastTryMs(b));
}
