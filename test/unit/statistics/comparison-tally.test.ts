import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssess } from '../../../lib/assessment/assess.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { legacyScore } from '../../../lib/cutover/legacy-score.ts';
import { ComparisonTally, sumComparisons } from '../../../lib/statistics/comparison-tally.ts';
import { StatisticsTally } from '../../../lib/statistics/unit-tally.ts';
import type { Assessment } from '../../../lib/store/assessment.ts';
import { divergenceOf } from '../../../lib/store/comparison.ts';
import { summaryItems } from '../../../lib/store/summary-item.ts';
import { TIME_INDEX } from '../../../lib/store/table-schema.ts';
import { timesText } from '../../../lib/store/unit-times.ts';
import { failedAssessment, legacyAssessment, plainAssessment, vote } from '../../factories/assessments.ts';
import { itemBytes, wireItem } from '../../factories/dynamodb.ts';

const THRESHOLDS = { maliciousThreshold: 0.7, divergenceThreshold: 0.2 };

interface Scores {
  readonly legacy_score: number;
  readonly consensus_score: number;
}

const both = (scores: Scores) => plainAssessment(scores as Partial<Assessment>);

function tallyOf(all: readonly (Scores & { readonly address?: string })[]): ComparisonTally {
  const tally = new ComparisonTally(THRESHOLDS);
  for (const { address = '8.8.8.8', ...scores } of all) tally.add(both(scores), { address });
  return tally;
}

const score = fc.double({ min: 0, max: 1, noNaN: true });
const scores: fc.Arbitrary<Scores> = fc.record({ legacy_score: score, consensus_score: score });

describe('a comparison', () => {
  it('counts agreements, flips and how far the scores are apart', () => {
    const tally = tallyOf([
      { legacy_score: 0.2, consensus_score: 0.25 },
      { legacy_score: 0.2, consensus_score: 0.4 },
      { legacy_score: 0.2, consensus_score: 0.95 },
      { legacy_score: 1, consensus_score: 0 },
      { legacy_score: 0.7, consensus_score: 0.9 },
    ]);

    expect(tally.comparison).toEqual({
      compared: 5,
      // A difference of exactly the threshold does not count; 0.9 - 0.7 is slightly more than 0.2 in binary.
      agreements: 3,
      flips: [
        [2, 1],
        [1, 1],
      ],
      unexplained_flips: 2,
      difference_sum: 0.2,
      divergence_histogram: [1, 0, 2, 0, 0, 0, 0, 1, 0, 1],
      legacy_histogram: [0, 0, 3, 0, 0, 0, 0, 1, 0, 1],
      consensus_histogram: [1, 0, 1, 0, 1, 0, 0, 0, 0, 2],
    });
  });

  it('explains a flip by what was looked up as by what a record brings along', () => {
    const tally = new ComparisonTally(THRESHOLDS);
    const blocklist = { intel: { lists: 3, total_lists: 25 } };
    const flip = { legacy_score: 0.2, consensus_score: 0.95 };
    tally.add(both(flip), { address: '8.8.8.8' });
    tally.add(plainAssessment({ ...flip, lookups: { blocklist } } as unknown as Partial<Assessment>), {
      address: '8.8.4.4',
    });

    expect(tally.comparison).toMatchObject({
      flips: [
        [0, 2],
        [0, 0],
      ],
      unexplained_flips: 1,
    });
  });

  it('is of nothing where one of the scores is missing', () => {
    const tally = new ComparisonTally(THRESHOLDS);
    for (const assessment of [plainAssessment(), legacyAssessment(), failedAssessment()]) {
      tally.add(assessment, { address: '8.8.8.8' });
    }

    expect(tally.comparison).toBeUndefined();
    expect(tally.divergences).toEqual([]);
  });

  it('comes to the same whether it is made together or apart', () => {
    fc.assert(
      fc.property(fc.array(scores), fc.array(scores), (one, other) => {
        const parts = [tallyOf(one), tallyOf(other)].flatMap(({ comparison }) => comparison ?? []);
        const { difference_sum, ...counts } = sumComparisons(parts);
        const whole = sumComparisons([tallyOf([...one, ...other]).comparison ?? []].flat());

        expect({ ...whole, difference_sum: 0 }).toEqual({ ...counts, difference_sum: 0 });
        expect(difference_sum).toBeCloseTo(whole.difference_sum, 3);
      }),
    );
  });

  it('counts each assessment once in everything', () => {
    fc.assert(
      fc.property(fc.array(scores, { minLength: 1 }), (all) => {
        const comparison = sumComparisons([tallyOf(all).comparison ?? []].flat());
        const { flips, divergence_histogram, legacy_histogram, consensus_histogram } = comparison;

        for (const counts of [flips.flat(), divergence_histogram, legacy_histogram, consensus_histogram]) {
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
        }
      }),
    );
  });
});

describe('the largest divergences', () => {
  it('are those of the addresses that diverge most, each once', () => {
    const addressed = fc.tuple(scores, fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'));
    fc.assert(
      fc.property(fc.array(addressed, { maxLength: 60 }), (all) => {
        const tally = tallyOf(all.map(([each, address]) => ({ ...each, address })));
        const expected = [...Map.groupBy(all, ([, address]) => address).values()]
          .map((group) => Math.max(...group.map(([each]) => divergenceOf(each))))
          .filter((size) => size > THRESHOLDS.divergenceThreshold)
          .sort((a, b) => b - a)
          .slice(0, 5);

        expect(tally.divergences.map(divergenceOf)).toEqual(expected);
        expect(new Set(tally.divergences.map(({ address }) => address)).size).toBe(expected.length);
      }),
    );
  });

  it('say what was scored, by what evidence, and why each scorer voted as it did', () => {
    const tally = new ComparisonTally(THRESHOLDS);
    const input: ScoringInput = { address: '8.8.8.8', dst_port: 53, protocol: 'udp', direction: 'outbound' };
    const votes = { statistical: vote({ reasoning: 'x'.repeat(500) }), ml_based: vote() };
    const scored = { legacy_score: 0.2, consensus_score: 0.9, evidence: ['listings'], votes };

    tally.add(plainAssessment(scored as Partial<Assessment>), input);

    expect(tally.divergences).toEqual([
      {
        ...input,
        legacy_score: 0.2,
        consensus_score: 0.9,
        evidence: ['listings'],
        reasons: { statistical: 'x'.repeat(160), ml_based: 'nothing is known' },
      },
    ]);
  });
});

/** As many assessments as a message of 1 MiB can lead to, each with both scores. */
function largestMessage() {
  const assess = createAssess({
    consensus: createConsensus(),
    legacyScore,
    cutover: { mode: 'parallel', consensusPercent: 50 },
  });
  const tally = new StatisticsTally(0.7, 0.2);
  for (let n = 0; n < 9_999; n++) {
    const virustotal = { malicious_vendors: (n * 7) % 60, total_vendors: 94 };
    const abuseipdb = { confidence_score: n % 101, total_reports: n };
    const input = { address: `2001:db8::${n}`, dst_port: n, threat_intel: { virustotal, abuseipdb } };
    tally.addAssessment(assess(input), input);
  }
  return summaryItems({
    unit: 'ABCDEFGHIJKLMNOPQRSTUV',
    messageIds: ['message-1'],
    ingestedAtMs: 1_795_366_273_123,
    expiresAt: 1_803_142_273,
    statistics: tally.finish({ stored: 9_999, duplicates: 9_999, rejected: 9_999 }),
    divergences: tally.divergences,
    items: [],
  });
}

it('in the index a summary costs one write unit still, whatever it came to', async () => {
  const { first: item } = largestMessage();
  const wired = await wireItem({ ...item, times: timesText({ latency_ms: 12_345, stored_ms: 23_456 }) });

  const keys = ['pk', 'sk', TIME_INDEX.partitionKey, TIME_INDEX.sortKey, ...TIME_INDEX.projected];
  const projected = Object.fromEntries(Object.entries(wired).filter(([name]) => keys.includes(name)));

  expect(Object.keys(projected)).toHaveLength(keys.length);
  expect(itemBytes(projected)).toBeLessThanOrEqual(1_024);
});

it('a summary carries few divergences, however many there are', async () => {
  const { first: item } = largestMessage();

  expect(item.divergences).toHaveLength(5);
  expect(itemBytes(await wireItem({ divergences: item.divergences }))).toBeLessThan(5_000);
});
