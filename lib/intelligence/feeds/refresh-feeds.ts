import type { Feed } from './feed.ts';
import type { FeedState } from './feed-state.ts';
import { type FeedReport, type RefreshFeedOptions, refreshFeed } from './refresh-feed.ts';

export interface RefreshFeedsOptions extends RefreshFeedOptions {
  /** When no further feed is begun, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Gets each report as it comes, and what kept a feed from having one. */
  readonly onReport?: (report: FeedReport) => void;
  readonly onError?: (feed: string, error: unknown) => void;
}

/**
 * Refreshes the feeds that are due, one after the other, those first whose last try is longest ago: one that takes too
 * long, or ends the process, has tried then, and the others come first the next time.
 *
 * @returns what was left for the next time
 * @throws the first error of the store, once all others had their turn
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
