import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../../files/output-file.ts';
import { isWritableFolder, userCacheFolder } from '../../../files/user-folders.ts';
import type { FeedState } from '../../../intelligence/feeds/feed-state.ts';
import type { FeedStore } from '../../../intelligence/feeds/feed-store.ts';
import type { PackedRanges } from '../../../intelligence/lists/packed-ranges.ts';
import type { ListStore, StoredList } from '../../../intelligence/lists/stored-list.ts';

/** Content of a cache file: everything known about one feed. */
interface CachedFeed {
  readonly format: typeof FORMAT;
  readonly state: FeedState;
  readonly list?: StoredList;
  readonly chunks?: readonly { readonly family: 4 | 6; readonly count: number; readonly bytes: string }[];
}

/** Files of other versions are ignored. */
const FORMAT = 1;

/**
 * Feeds cached in the user's cache directory, one file each, replaced atomically: concurrent commands see the old list
 * or the new one, never parts. If the directory is not writable, lists are kept for this run only.
 */
export class FeedCache implements FeedStore, ListStore {
  readonly #folder: string | undefined;
  readonly #feeds: Map<string, CachedFeed>;

  constructor(folder = join(userCacheFolder(), 'feeds')) {
    this.#folder = isWritableFolder(folder) ? folder : undefined;
    this.#feeds = this.#folder === undefined ? new Map() : readFolder(this.#folder);
  }

  async lists(nowMs: number): Promise<StoredList[]> {
    return [...this.#feeds.values()].flatMap(({ list }) => (list && list.expiresAtMs > nowMs ? [list] : []));
  }

  async list(nowMs: number): Promise<StoredList[]> {
    return await this.lists(nowMs);
  }

  async load({ source, version }: StoredList): Promise<PackedRanges[] | undefined> {
    const { list, chunks } = this.#feeds.get(source) ?? {};
    if (list?.version !== version) return undefined;
    return chunks?.map(({ bytes, ...chunk }) => ({ ...chunk, bytes: Buffer.from(bytes, 'base64') }));
  }

  async replace(list: StoredList, chunks: readonly PackedRanges[]): Promise<void> {
    const state = this.#feeds.get(list.source)?.state ?? { lastTryMs: list.listedAtMs, failures: 0 };
    const texts = chunks.map(({ bytes, ...chunk }) => ({
      ...chunk,
      bytes: Buffer.from(bytes).toString('base64'),
    }));
    this.#put(list.source, { format: FORMAT, state, list, chunks: texts });
  }

  async states(): Promise<ReadonlyMap<string, FeedState>> {
    return new Map([...this.#feeds].map(([name, { state }]) => [name, state]));
  }

  async putState(name: string, state: FeedState): Promise<void> {
    this.#put(name, { ...this.#feeds.get(name), format: FORMAT, state });
  }

  #put(name: string, feed: CachedFeed): void {
    this.#feeds.set(name, feed);
    if (this.#folder !== undefined) {
      replaceFile(join(this.#folder, fileNameOf(name)), `${JSON.stringify(feed)}\n`, {
        what: 'a cached list',
      });
    }
  }
}

/** List names may contain spaces, but no characters that are special in a path. */
function fileNameOf(name: string): string {
  return `${encodeURIComponent(name)}.json`;
}

function readFolder(folder: string): Map<string, CachedFeed> {
  const feeds = new Map<string, CachedFeed>();
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
    const path = join(folder, file);
    const feed = readCached(path);
    // An unreadable file can be fetched again.
    if (feed === undefined) rmSync(path, { force: true });
    else feeds.set(decodeURIComponent(file.replace(/\.json$/, '')), feed);
  }
  return feeds;
}

function readCached(path: string): CachedFeed | undefined {
  try {
    const feed = JSON.parse(readFileSync(path, 'utf8')) as CachedFeed;
    return feed.format === FORMAT ? feed : undefined;
  } catch {
    return undefined;
  }
}
