import type { FeedReport } from '../../intelligence/feeds/refresh-feed.ts';
import type { StoredList } from '../../intelligence/lists/stored-list.ts';

/** Result of fetching lists. */
export interface FetchedFeeds {
  readonly reports: readonly FeedReport[];
  /** All lists now in use, fetched now or earlier. */
  readonly lists: readonly StoredList[];
}
