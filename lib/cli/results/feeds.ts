import type { FeedReport } from '../../intelligence/feeds/refresh-feed.ts';
import type { StoredList } from '../../intelligence/lists/stored-list.ts';

/** What fetching lists came to. */
export interface FetchedFeeds {
  readonly reports: readonly FeedReport[];
  /** Those that are in use afterwards, fetched now or earlier. */
  readonly lists: readonly StoredList[];
}
