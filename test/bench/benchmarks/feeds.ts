import { refreshFeed } from '../../../lib/intelligence/feeds/refresh-feed.ts';
import { buildFeed, FeedStoreInMemory } from '../../factories/feeds.ts';
import { list, startFeedServer } from '../../fixtures/feeds/feed-server.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { cpuMillisecondsOf } from '../cpu-time.ts';
import { seededRandom } from '../random.ts';

const ENTRIES = 1_000_000;
/** Of the second day's entries, so many are new. */
const CHANGED = 0.3;
const DAY_MS = 86_400_000;
const MOST_SECONDS = 60;

/**
 * What a refresh of a large list takes: fetched from a server on this machine, read, judged, put together with the list of
 * the day before, and packed. The function has one whole virtual CPU, so that its time is CPU time.
 */
export const feeds: Benchmark = {
  name: 'feeds',
  summary: 'refreshing a list of a million entries, and again the day after',
  async run(context) {
    const server = await startFeedServer();
    try {
      const store = new FeedStoreInMemory();
      const random = seededRandom(11);
      const first = addresses(amount(context, ENTRIES), random);
      const kept = first.slice(0, first.length * (1 - CHANGED));
      const second = [...kept, ...addresses(first.length - kept.length, random)];
      const figures: Figure[] = [];
      for (const [day, entries] of [first, second].entries()) {
        server.plays('/list', list(`${entries.join('\n')}\n`, { etag: `"${day}"` }));
        figures.push(await refresh(`${server.url}/list`, store, day, context));
      }
      return figures;
    } finally {
      await server.close();
    }
  },
};

async function refresh(
  url: string,
  store: FeedStoreInMemory,
  day: number,
  { progress }: BenchmarkContext,
): Promise<Figure> {
  progress.step(`refreshing, day ${day + 1}`);
  const options = {
    store,
    homeNetworks: [],
    readKey: async () => undefined,
    isForced: true,
    now: () => (20_000 + day) * DAY_MS,
  };
  const milliseconds = await cpuMillisecondsOf(async () => {
    const { outcome } = await refreshFeed(buildFeed({ url }), store.remembered.get('attackers'), options);
    if (outcome !== 'refreshed') throw new Error(`the list was ${outcome}`);
  });
  const name = day === 0 ? 'a list that is new' : 'the list of the day after, 30 % changed';
  return { name, value: milliseconds / 1000, unit: 's', budget: { atMost: MOST_SECONDS } };
}

/** Distinct enough, and outside of what no list is believed about. */
function addresses(count: number, random: () => number): string[] {
  const octet = () => Math.floor(random() * 256);
  return Array.from(
    { length: count },
    () => `${11 + Math.floor(random() * 80)}.${octet()}.${octet()}.${octet()}`,
  );
}
