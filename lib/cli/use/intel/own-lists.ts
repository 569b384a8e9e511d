import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { joinRanges } from '../../../intelligence/lists/join-ranges.ts';
import { dayOf } from '../../../intelligence/lists/listed-range.ts';
import { type PackedRanges, packRanges } from '../../../intelligence/lists/packed-ranges.ts';
import { NeverListedAddresses } from '../../../intelligence/lists/reading/never-listed.ts';
import type { ListStore, StoredList } from '../../../intelligence/lists/stored-list.ts';
import { CliError } from '../../cli-error.ts';
import type { FetchedFeeds } from '../../results/feeds.ts';
import { FeedCache } from '../feeds/feed-cache.ts';
import { fetchFeeds } from '../feeds/fetch-feeds.ts';
import { readFeeds } from '../feeds/read-catalogue.ts';
import { openInput } from '../input/open-input.ts';
import type { Progress } from '../progress.ts';
import { readListFile } from './read-list-file.ts';

/** Options about lists on this machine. */
export interface ListOptions {
  /** Files. */
  readonly blocklist?: readonly string[];
  /** A file with changes to the catalogue of feeds; `true` for none. */
  readonly feeds?: string | true;
}

/** A list with its entries. */
export interface WholeList {
  readonly list: StoredList;
  readonly chunks: readonly PackedRanges[];
}

/** The lists that a local call uses. */
export interface OwnLists {
  readonly lists: readonly WholeList[];
  /** Set if feeds were requested. */
  readonly fetched?: FetchedFeeds;
}

/** Kind and weight of a list about which only its name is known. */
const TRUSTED = { kind: 'malicious', weight: 50, halfLifeDays: 7 } as const;
const DAY_MS = 86_400_000;

/**
 * Reads the files and fetches the feeds that a call names.
 *
 * @throws {CliError} if a file is not a list, or holds no address
 */
export async function readOwnLists(
  { blocklist = [], feeds }: ListOptions,
  homeNetworks: readonly string[],
  progress: Progress,
): Promise<OwnLists> {
  const lists: WholeList[] = [];
  for (const file of blocklist) {
    const name = freeName(nameOf(file), lists);
    lists.push(await readFile(file, name, homeNetworks, progress));
  }
  if (feeds === undefined) return { lists };
  const cache = new FeedCache();
  const fetched = await fetchFeeds(readFeeds(feeds), cache, { homeNetworks, progress });
  for (const list of fetched.lists) {
    const chunks = await cache.load(list);
    if (chunks !== undefined) lists.push({ list, chunks });
  }
  return { lists, fetched };
}

/** The lists as a store, for code that usually reads the table. */
export function listStoreOf({ lists }: OwnLists): ListStore {
  return {
    list: async () => lists.map(({ list }) => list),
    load: async ({ source }) => [...(lists.find(({ list }) => list.source === source)?.chunks ?? [])],
  };
}

async function readFile(
  file: string,
  source: string,
  homeNetworks: readonly string[],
  progress: Progress,
): Promise<WholeList> {
  progress.step(`reading ${basename(file)}`);
  const input = await openInput(file, 'score LOG --blocklist -');
  const neverListed = new NeverListedAddresses(homeNetworks);
  const read = await readListFile(input.chunks, { neverListed }, (entries) => progress.update(entries));
  const [first] = read.leftOut;
  if (read.isTooLarge) throw new CliError(`${file} holds more addresses than a list may have`);
  if (read.ranges.length === 0) {
    const why = first === undefined ? '' : ` (${first.unit} ${first.position}: ${first.reason})`;
    throw new CliError(`${file} holds no usable addresses${why}`);
  }
  const nowMs = Date.now();
  const lastListedDay = dayOf(nowMs);
  const ranges = joinRanges(read.ranges.map((range) => ({ ...range, lastListedDay })));
  const chunks = packRanges(ranges);
  return {
    list: {
      ...TRUSTED,
      source,
      family: source,
      version: randomBytes(8).toString('hex'),
      ranges: ranges.length,
      addresses: ranges.length,
      chunks: chunks.length,
      leftOut: read.leftOutCounts,
      listedAtMs: nowMs,
      expiresAtMs: nowMs + DAY_MS,
    },
    chunks,
  };
}

/** A list name derived from its file: up to 40 valid characters. */
function nameOf(file: string): string {
  const plain = basename(file)
    .replaceAll(/[^\w. -]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 40)
    .trim();
  return plain === '' ? 'a file' : plain;
}

/** Two files with the same name are two lists. */
function freeName(name: string, lists: readonly WholeList[]): string {
  const taken = new Set(lists.map(({ list }) => list.source));
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name.slice(0, 36)}-${count}`;
    if (!taken.has(free)) return free;
  }
}
