import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nextList } from '../../../../lib/intelligence/feeds/next-list.ts';
import { type RefreshFeedOptions, refreshFeed } from '../../../../lib/intelligence/feeds/refresh-feed.ts';
import { refreshFeeds } from '../../../../lib/intelligence/feeds/refresh-feeds.ts';
import { rangeOfAddress } from '../../../../lib/intelligence/lists/address-range.ts';
import { buildFeed, FeedStoreInMemory } from '../../../factories/feeds.ts';
import {
  type Conduct,
  closedEarly,
  cutOff,
  endless,
  type FeedServer,
  list,
  PAGE,
  silent,
  startFeedServer,
  status,
} from '../../../fixtures/feeds/feed-server.ts';

const DAY = 86_400_000;
const TODAY = 20_000;
const NOW = TODAY * DAY + 36_000_000;
const GOOD = Array.from({ length: 120 }, (_, n) => `203.0.113.${n}`).join('\n');
/** Long enough on a busy machine; servers that never answer get a shorter timeout. */
const LIMITS = { timeoutMs: 30_000, bytes: 1_000_000, redirects: 3 };
const IMPATIENT = { ...LIMITS, timeoutMs: 200 };

let server: FeedServer;
let store: FeedStoreInMemory;

beforeAll(async () => {
  server = await startFeedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  store = new FeedStoreInMemory();
});

const feedAt = (path: string, changes: object = {}) => buildFeed({ url: `${server.url}${path}`, ...changes });

async function refresh(
  conduct: Conduct,
  atMs: number,
  changes: Partial<RefreshFeedOptions> = {},
  feed: object = {},
) {
  server.plays('/list', conduct);
  const options = {
    store,
    homeNetworks: [],
    readKey: async () => undefined,
    limits: LIMITS,
    isForced: true,
    now: () => atMs,
    ...changes,
  };
  return await refreshFeed(feedAt('/list', feed), store.remembered.get('attackers'), options);
}

describe('refreshing a feed', () => {
  it('stores what is listed, with whose list it is', async () => {
    const report = await refresh(list('203.0.113.9\n203.0.113.10\n10.0.0.1\n', { etag: '"v1"' }), NOW);

    expect(report).toEqual({
      feed: 'attackers',
      outcome: 'refreshed',
      state: {
        lastTryMs: NOW,
        failures: 0,
        good: { atMs: NOW, validators: { etag: '"v1"' }, entries: 3, dropped: { private: 1 } },
      },
    });
    expect(store.holds('attackers', TODAY)).toEqual(['203.0.113.9-203.0.113.10 0']);
    expect(store.stored.get('attackers')?.list).toMatchObject({
      source: 'attackers',
      kind: 'suspicious',
      family: 'attackers',
      weight: 10,
      halfLifeDays: 7,
      ranges: 1,
      addresses: 2,
      leftOut: { private: 1 },
      listedAtMs: NOW,
      expiresAtMs: NOW + 7 * DAY,
    });
  });

  it('is the same when it is done twice', async () => {
    await refresh(list(GOOD), NOW);
    const once = store.holds('attackers', TODAY);
    await refresh(list(GOOD), NOW + 1_000);

    expect(store.holds('attackers', TODAY)).toEqual(once);
  });

  it('keeps what is no longer listed with its day, until it is three half-lives old', async () => {
    await refresh(list('203.0.113.1\n203.0.113.3\n', { etag: '"1"' }), NOW);
    await refresh(list('203.0.113.3\n', { etag: '"2"' }), NOW + 3 * DAY);
    expect(store.holds('attackers', TODAY + 3)).toEqual(['203.0.113.1 -3', '203.0.113.3 0']);

    await refresh(list('203.0.113.3\n', { etag: '"3"' }), NOW + 9 * DAY);
    await refresh(list('203.0.113.3\n', { etag: '"4"' }), NOW + 15 * DAY);
    await refresh(list('203.0.113.3\n', { etag: '"5"' }), NOW + 21 * DAY);
    expect(store.holds('attackers', TODAY + 21)).toEqual(['203.0.113.3 0']);
  });

  it('forgets at once who owns an address no longer', async () => {
    const neutral = { kind: 'infrastructure', weight: 1 };
    await refresh(list('203.0.113.1\n203.0.113.3\n', { etag: '"1"' }), NOW, {}, neutral);
    await refresh(list('203.0.113.3\n', { etag: '"2"' }), NOW + DAY, {}, neutral);

    expect(store.holds('attackers', TODAY + 1)).toEqual(['203.0.113.3 0']);
  });

  it('takes "not changed" for news of today', async () => {
    await refresh(list('203.0.113.1\n203.0.113.3\n', { etag: '"1"' }), NOW);
    await refresh(list('203.0.113.3\n', { etag: '"2"' }), NOW + DAY);
    const report = await refresh(list('203.0.113.3\n', { etag: '"2"' }), NOW + 2 * DAY);

    expect(report.outcome).toBe('unchanged');
    expect(store.holds('attackers', TODAY + 2)).toEqual(['203.0.113.1 -2', '203.0.113.3 0']);
    expect(store.stored.get('attackers')?.list.expiresAtMs).toBe(NOW + 9 * DAY);
  });

  it('asks for the whole list where the last one has expired', async () => {
    await refresh(list(GOOD, { etag: '"1"' }), NOW);
    const report = await refresh(list(GOOD, { etag: '"1"' }), NOW + 8 * DAY);

    expect(report.outcome).toBe('refreshed');
  });

  it.each<[string, Conduct, string]>([
    ['a web page', list(PAGE), 'web-page'],
    ['nothing', list(''), 'empty'],
    ['a tenth of the lines', list(GOOD.split('\n').slice(0, 12).join('\n')), 'shrunk'],
    ['another format', list('[1, 2, 3]\n[4]\n[5]\n'), 'format'],
    ['half of it', cutOff(GOOD), 'truncated'],
    ['less than half of it, without saying so', closedEarly(GOOD.slice(0, 500)), 'shrunk'],
    ['no answer', silent, 'timeout'],
    ['a gigabyte', endless, 'too-large'],
    ['a refusal', status(403, { 'content-type': 'text/html' }, PAGE), 'refused'],
    ['"too many requests"', status(429, { 'retry-after': '60' }), 'limited'],
    ['a fault', status(500), 'server-error'],
    ['everything', list(Array.from({ length: 200 }, (_, n) => `${n + 11}.0.0.0/8`).join('\n')), 'too-broad'],
  ])('leaves the last good list in use where the publisher sends %s', async (_, conduct, kind) => {
    await refresh(list(GOOD), NOW);
    const before = store.stored.get('attackers');
    const report = await refresh(conduct, NOW + DAY, conduct === silent ? { limits: IMPATIENT } : {});

    expect(report).toMatchObject({
      outcome: 'failed',
      state: { lastTryMs: NOW + DAY, failures: 1, problem: { kind }, good: { atMs: NOW, entries: 120 } },
    });
    expect(store.stored.get('attackers')).toBe(before);
  });

  it('believes a short list once the last good one has expired, or when asked to', async () => {
    const short = list('203.0.113.1\n');
    await refresh(list(GOOD), NOW);

    expect((await refresh(short, NOW + DAY)).outcome).toBe('failed');
    expect((await refresh(short, NOW + DAY, { mayShrink: true })).outcome).toBe('refreshed');
    await refresh(list(GOOD), NOW + 2 * DAY);
    expect((await refresh(short, NOW + 10 * DAY)).outcome).toBe('refreshed');
  });

  it('counts who is killed in the midst of it as a failure', async () => {
    store.replace = () => Promise.reject(new Error('killed'));

    await expect(refresh(list(GOOD), NOW)).rejects.toThrow('killed');

    expect(store.remembered.get('attackers')).toMatchObject({
      lastTryMs: NOW,
      failures: 1,
      problem: { kind: 'interrupted' },
    });
  });

  it('asks nobody where it is not due', async () => {
    await refresh(list(GOOD), NOW);
    const { length } = server.requests;
    const report = await refresh(list(GOOD), NOW + 1_000, { isForced: false });

    expect(report.outcome).toBe('not-due');
    expect(server.requests.length).toBe(length);
  });

  it('needs a key where the feed says so', async () => {
    const keyed = { keyOf: 'abuseipdb' };
    const without = await refresh(list(GOOD), NOW, {}, keyed);
    const withKey = await refresh(list(GOOD), NOW, { readKey: async () => 'secret' }, keyed);

    expect(without.state.problem).toEqual({ kind: 'key-missing', detail: 'no key for abuseipdb is stored' });
    expect(withKey.outcome).toBe('refreshed');
    expect(server.requests.at(-1)?.headers.key).toBe('secret');
    expect(JSON.stringify([...store.remembered])).not.toContain('secret');
  });

  it('takes lists that are written in the catalogue, and lets them name resolvers', async () => {
    const written = { url: undefined, plainHttp: undefined, entries: ['8.8.8.8', '9.9.9.9'] };
    await refresh(silent, NOW, {}, { ...written, kind: 'known-good', weight: 1 });

    expect(store.holds('attackers', TODAY)).toEqual(['8.8.8.8 0', '9.9.9.9 0']);
  });
});

describe('refreshing all feeds', () => {
  const options = () => ({
    store,
    homeNetworks: [],
    readKey: async () => undefined,
    limits: LIMITS,
    now: () => NOW,
    deadlineMs: NOW + 1,
  });

  it('lets one that fails hold up no other', async () => {
    server.plays('/good', list(GOOD));
    server.plays('/bad', status(500));
    const outcomes: string[] = [];

    await refreshFeeds([feedAt('/bad', { name: 'bad' }), feedAt('/good', { name: 'good' })], {
      ...options(),
      onReport: ({ feed, outcome }) => outcomes.push(`${feed} ${outcome}`),
    });

    expect(outcomes).toEqual(['bad failed', 'good refreshed']);
  });

  it('begins with what was tried longest ago, and leaves the rest where time is short', async () => {
    store.remembered.set('recent', { lastTryMs: NOW - DAY, failures: 0 });
    store.remembered.set('older', { lastTryMs: NOW - 3 * DAY, failures: 0 });
    let nowMs = NOW;
    server.plays('/good', list(GOOD));
    const seen: string[] = [];

    const { left } = await refreshFeeds(
      ['recent', 'older', 'new'].map((name) => feedAt('/good', { name })),
      {
        ...options(),
        now: () => nowMs,
        onReport: ({ feed }) => {
          seen.push(feed);
          if (seen.length === 2) nowMs = NOW + 1;
        },
      },
    );

    expect({ seen, left }).toEqual({ seen: ['new', 'older'], left: ['recent'] });
  });

  it('goes on when the table fails for one, and then says so', async () => {
    server.plays('/good', list(GOOD));
    const { putState } = store;
    store.putState = async (name, state) => {
      if (name === 'unlucky') throw new Error('throttled');
      await putState.call(store, name, state);
    };
    const feeds = ['unlucky', 'lucky'].map((name) => feedAt('/good', { name }));

    await expect(refreshFeeds(feeds, options())).rejects.toThrow('throttled');

    expect(store.stored.has('lucky')).toBe(true);
  });
});

describe('the next list', () => {
  it('names what is listed as of today, and never what is older than three half-lives', () => {
    const addresses = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });
    const range = (n: number) => rangeOfAddress(`203.0.113.${n}`);
    const before = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -30, max: 0 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(addresses, before, (listed, earlier) => {
        const old = earlier.map(([n, age]) => ({ ...range(n), lastListedDay: TODAY + age }));
        const next = nextList({ kind: 'malicious', halfLifeDays: 7 }, listed.map(range), old, TODAY, 1_000);
        for (let n = 0; n <= 40; n++) {
          const { first } = range(n);
          const day = next.find((each) => each.first <= first && first <= each.last)?.lastListedDay;
          const ages = earlier.filter(([m]) => m === n).map(([, age]) => Math.min(age, -1));
          const youngest = Math.max(-21, ...ages);
          expect(day).toBe(listed.includes(n) ? TODAY : youngest > -21 ? TODAY + youngest : undefined);
        }
      }),
    );
  });

  it('leaves out the oldest where there are too many', () => {
    const old = [1, 2, 3].map((n) => ({ ...rangeOfAddress(`203.0.113.${n * 2}`), lastListedDay: TODAY - n }));
    const next = nextList(
      { kind: 'malicious', halfLifeDays: 7 },
      [rangeOfAddress('192.0.2.1')],
      old,
      TODAY,
      3,
    );

    expect(next.map(({ lastListedDay }) => lastListedDay - TODAY)).toEqual([0, -1, -2]);
  });
});
