import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAnnouncement } from '../../../lib/announcement/announcement.ts';
import { sumStatistics } from '../../../lib/statistics/unit-tally.ts';
import { readFindingAssessments } from '../../../lib/store/finding-assessments.ts';
import { readFindings } from '../../../lib/store/findings.ts';
import { readOutbox } from '../../../lib/store/outbox.ts';
import { readAssessmentsIn, readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { readStatistics } from '../../../lib/store/read-summaries.ts';
import type { TimeRange } from '../../../lib/store/timeline.ts';
import {
  ACCUSED,
  CLEARED,
  connection,
  contents,
  type Fields,
  ndjson,
} from '../../fixtures/service/connections.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { collect, summariesOf } from '../../fixtures/service/table-contents.ts';

const ACCUSED_ADDRESSES = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6'];
const START = 1_790_000_000;

/** One message for each malicious address, each at a different time and with a harmless neighbour. */
const MESSAGES = ACCUSED_ADDRESSES.map((dst_ip, n): Fields[] => [
  connection({ dst_ip, timestamp: START + n, threat_intel: ACCUSED }),
  connection({ dst_ip, timestamp: START + n, dst_port: 8443, threat_intel: ACCUSED }),
  connection({ dst_ip: '198.51.100.1', timestamp: START + n, threat_intel: CLEARED }),
]);
const BODIES = MESSAGES.map(ndjson);

let service: ScoringService;
let range: TimeRange;

beforeAll(async () => {
  service = await startScoringService();
  const fromMs = Date.now() - 60 * 60_000;
  const last = `${ndjson(MESSAGES[0] ?? [])}\n${ndjson(MESSAGES[0] ?? [])}\n{"timestamp":0}`;
  // All have different arrival times: later in the list means longer ago.
  await service.pushTogether(...[...BODIES, last].toReversed());
  await service.drained();
  const nowMs = Date.now();
  range = { fromMs, toMs: nowMs, nowMs };
});

afterAll(() => service.stop());

it('an address is read with all that messages said about it, the latest connection first', async () => {
  const read = await collect(readAssessmentsOf(service.table, '198.51.100.1', range.nowMs));

  const times = read.map(({ connections }) => connections.map(({ timestamp }) => timestamp - START));
  // The first connection came in two messages, but is listed once.
  expect(times).toEqual([[5], [4], [3], [2], [1], [0]]);
  expect(read.map(({ assessment }) => assessment.evidence)).toEqual(
    Array.from({ length: 6 }, () => ['virustotal', 'abuseipdb']),
  );
});

it('an unknown address has nothing to read', async () => {
  expect(await collect(readAssessmentsOf(service.table, '198.51.100.2', range.nowMs))).toEqual([]);
});

it('what needs a human is a finding an address, written when it is new', async () => {
  const findings = await collect(readFindings(service.table, range));

  expect(findings.map(({ address }) => address).sort()).toEqual(ACCUSED_ADDRESSES);
  for (const { score, reasons, direction, localHosts, services, connections } of findings) {
    expect(score).toBeGreaterThanOrEqual(0.7);
    expect(reasons).toContain('malicious');
    expect({ direction, localHosts, services, connections }).toEqual({
      direction: 'outbound',
      localHosts: [expect.any(String)],
      services: [
        { port: 443, protocol: 'tcp' },
        { port: 8443, protocol: 'tcp' },
      ],
      connections: 2,
    });
  }
});

it('a finding leads to the assessment that it names', async () => {
  const findings = await collect(readFindings(service.table, range));

  const shown = await collect(readFindingAssessments(service.table, findings, range.nowMs));

  expect(shown.map(({ finding, read }) => [finding.address, read.address])).toEqual(
    findings.map(({ address }) => [address, address]),
  );
  for (const { finding, read } of shown) expect(read.assessment.threat_score).toBe(finding.score);
});

it('a finding whose unit was not stored leads to the worst that is', async () => {
  const [finding] = await collect(readFindings(service.table, range));
  if (finding === undefined) throw new TypeError('no finding');
  const gone = { ...finding, assessment: finding.assessment.replace(/\/[^/]+/, '/AAAAAAAAAAAAAAAAAAAAAA') };
  const elsewhere = { ...gone, direction: 'inbound' as const };

  const shown = await collect(readFindingAssessments(service.table, [gone, elsewhere], range.nowMs));

  expect(shown.map(({ finding: { direction }, read }) => [direction, read.assessment.threat_score])).toEqual([
    ['outbound', finding.score],
  ]);
});

it('what is announced waits in the outbox, one announcement an address', async () => {
  const waiting = await collect(readOutbox(service.table));

  const announced = waiting.flatMap(({ pending }) => pending.map(({ text }) => readAnnouncement(text)));
  expect(announced).toHaveLength(ACCUSED_ADDRESSES.length);
  expect(announced).toEqual(
    announced.map(() =>
      expect.objectContaining({ kind: 'new-malicious', direction: 'outbound', scoredBy: 'consensus' }),
    ),
  );
  expect(new Set(waiting.map(({ subject }) => subject))).toEqual(new Set(ACCUSED_ADDRESSES));
});

it('statistics add up to what was pushed', async () => {
  const entries = await collect(readStatistics(service.table, range));

  const sum = sumStatistics(entries.map(({ statistics }) => statistics));
  expect(sum).toMatchObject({
    records: 18 + 7,
    stored: 18 + 3,
    duplicates: 3,
    rejected: 1,
    assessments: 21,
    malicious: 14,
    consensus_failures: 0,
    degraded: 0,
    without_evidence: 0,
  });
  expect(sum.score_histogram.reduce((total, count) => total + count)).toBe(21);
  expect(Object.values(sum.scorers).map(({ votes, failures }) => [votes, failures])).toEqual([
    [21, 0],
    [21, 0],
    [21, 0],
  ]);
  const arrivals = entries.map(({ ingested_at }) => ingested_at);
  expect(arrivals).toEqual(arrivals.toSorted((a, b) => b - a));
});

it('a message is read by the items that its summary lists', async () => {
  for (const [n, summary] of (await summariesOf(service.table, BODIES)).entries()) {
    if (summary === undefined) throw new Error(`message ${n} has no summary`);

    const read = await collect(readAssessmentsIn(service.table, summary, Date.now()));

    expect(contents(read.flatMap(({ connections }) => connections))).toEqual(contents(MESSAGES[n] ?? []));
  }
});

it('nothing is read of what has expired', async () => {
  const later = range.nowMs + 91 * 86_400_000;

  expect(await collect(readAssessmentsOf(service.table, '198.51.100.1', later))).toEqual([]);
  expect(await collect(readFindings(service.table, { ...range, nowMs: later }))).toEqual([]);
  expect(await collect(readStatistics(service.table, { ...range, nowMs: later }))).toEqual([]);
});
