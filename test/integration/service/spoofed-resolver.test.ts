import { afterAll, beforeAll, expect, it } from 'vitest';
import { CATALOGUE } from '../../../lib/intelligence/feeds/catalogue.ts';
import { feedSchema } from '../../../lib/intelligence/feeds/feed.ts';
import { refreshFeed } from '../../../lib/intelligence/feeds/refresh-feed.ts';
import { createFeedStore } from '../../../lib/store/feed-store.ts';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { connection, type Fields, ndjson } from '../../fixtures/service/connections.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { collect } from '../../fixtures/service/table-contents.ts';

let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService();
  const resolvers = CATALOGUE.find(({ name }) => name === 'Public resolvers');
  await refreshFeed(feedSchema.parse(resolvers), undefined, {
    store: createFeedStore(service.table),
    homeNetworks: [],
    readKey: async () => undefined,
  });
});

afterAll(async () => await service?.stop());

/** A scan of eighty closed ports, as anyone can send it with a forged source address. */
function scanFrom(src_ip: string): Fields[] {
  return Array.from({ length: 80 }, (_, n) =>
    connection({
      timestamp: 1_790_000_000 + n,
      src_ip,
      dst_ip: '10.20.4.9',
      dst_port: 1_000 + n,
      state: 'unanswered',
      local_orig: false,
      local_resp: true,
    }),
  );
}

async function scoresOf(address: string): Promise<number[]> {
  const found = await collect(readAssessmentsOf(service.table, address, Date.now()));
  return found.map(({ assessment }) => assessment.threat_score);
}

it('a scan in the name of a public resolver accuses nobody, and any other scan does', async () => {
  await service.push(ndjson(scanFrom('8.8.8.8')), ndjson(scanFrom('45.9.9.9')));
  await service.drained();

  const [spoofed, other] = await Promise.all([scoresOf('8.8.8.8'), scoresOf('45.9.9.9')]);
  expect(spoofed.length).toBeGreaterThan(0);
  expect(other.length).toBeGreaterThan(0);
  expect(Math.max(...spoofed)).toBeLessThan(0.1);
  expect(Math.min(...other)).toBeGreaterThan(0.7);
});
