import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchedLines } from '../../../../../lib/cli/output/feed-lines.ts';
import { FeedCache } from '../../../../../lib/cli/use/feeds/feed-cache.ts';
import { fetchFeeds } from '../../../../../lib/cli/use/feeds/fetch-feeds.ts';
import { readFeeds } from '../../../../../lib/cli/use/feeds/read-catalogue.ts';
import { rangeText } from '../../../../../lib/intelligence/lists/address-range.ts';
import { unpackRanges } from '../../../../../lib/intelligence/lists/packed-ranges.ts';
import { buildFeed } from '../../../../factories/feeds.ts';
import { type FeedServer, list, PAGE, startFeedServer } from '../../../../fixtures/feeds/feed-server.ts';

const OPTIONS = { homeNetworks: [], progress: { step: () => {}, update: () => {} } };
let server: FeedServer;
let folder: string;

beforeAll(async () => {
  server = await startFeedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'feeds-')), 'cache');
});

const feedAt = (name: string, url = `${server.url}/${encodeURIComponent(name)}`) => buildFeed({ name, url });

async function rangesIn(cache: FeedCache, source: string): Promise<string[] | undefined> {
  const found = (await cache.lists(Date.now())).find((each) => each.source === source);
  const chunks = found && (await cache.load(found));
  return chunks && [...unpackRanges(chunks).ranges()].map(rangeText);
}

describe('fetching lists into the cache', () => {
  it('keeps them for the next command, which asks for nothing that is not due', async () => {
    server.plays('/Two%20words', list('203.0.113.1\n203.0.113.2\n'));
    await fetchFeeds([feedAt('Two words')], new FeedCache(folder), OPTIONS);
    const asked = server.requests.length;

    const next = new FeedCache(folder);
    const { reports, lists } = await fetchFeeds([feedAt('Two words')], next, OPTIONS);

    expect(reports.map(({ outcome }) => outcome)).toEqual(['not-due']);
    expect(lists.map(({ source }) => source)).toEqual(['Two words']);
    expect(server.requests.length).toBe(asked);
    expect(await rangesIn(next, 'Two words')).toEqual(['203.0.113.1-203.0.113.2']);
  });

  it('uses the cached lists without a network, and says so in a line', async () => {
    server.plays('/a', list('203.0.113.1\n'));
    await fetchFeeds([feedAt('a')], new FeedCache(folder), OPTIONS);
    const gone = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => feedAt(name, 'http://127.0.0.1:1/'));

    const cache = new FeedCache(folder);
    const fetched = await fetchFeeds(gone, cache, { ...OPTIONS, isForced: true });

    // The remaining lists are not even tried.
    expect(fetched.reports.length).toBeLessThan(gone.length);
    expect(fetchedLines(fetched, (fetched.lists[0]?.listedAtMs ?? 0) + 7_200_000)).toEqual([
      '1 list in use with 1 entry, the oldest fetched 2 hours ago',
      expect.stringMatching(/^\d lists could not be fetched: no publisher is reachable \(.+\)$/),
    ]);
    expect(await rangesIn(cache, 'a')).toEqual(['203.0.113.1']);
  });

  it('says of each list that is broken what is wrong with it', async () => {
    server.plays('/a', list(PAGE));
    server.plays('/b', list('203.0.113.1\n'));

    const fetched = await fetchFeeds([feedAt('a'), feedAt('b')], new FeedCache(folder), OPTIONS);

    expect(fetchedLines(fetched, fetched.lists[0]?.listedAtMs ?? 0)).toEqual([
      '1 list in use with 1 entry, the oldest fetched a moment ago',
      '1 list could not be fetched: a: a web page, not a list',
    ]);
  });

  it('fetches again what of its cache is damaged, and what another version wrote', async () => {
    server.plays('/a', list('203.0.113.1\n'));
    await fetchFeeds([feedAt('a')], new FeedCache(folder), OPTIONS);
    for (const content of ['{"format":1,', '{"format":0,"state":{}}']) {
      writeFileSync(join(folder, 'a.json'), content);

      const cache = new FeedCache(folder);
      expect(readdirSync(folder)).toEqual([]);
      await fetchFeeds([feedAt('a')], cache, OPTIONS);

      expect(await rangesIn(cache, 'a')).toEqual(['203.0.113.1']);
    }
  });

  it('keeps lists for this run where the cache cannot be written', async () => {
    server.plays('/a', list('203.0.113.1\n'));
    const cache = new FeedCache('/dev/null/feeds');

    await fetchFeeds([feedAt('a')], cache, OPTIONS);

    expect(await rangesIn(cache, 'a')).toEqual(['203.0.113.1']);
  });
});

describe('the choice of feeds', () => {
  it.each([
    ['{', 'is not JSON: expected an object such as {"on": [], "off": [], "own": []}'],
    ['{"of": []}', 'the file: Unrecognized key: "of"'],
    ['{"own": [{"name": "x"}]}', 'own.0.format'],
  ])('is refused where it is %s', (text, reason) => {
    const path = join(mkdtempSync(join(tmpdir(), 'choice-')), 'feeds.json');
    writeFileSync(path, text);

    expect(() => readFeeds(path)).toThrow(reason);
  });

  it('names the file that is not there', () => {
    expect(() => readFeeds('/nowhere/feeds.json')).toThrow('/nowhere/feeds.json');
  });
});
