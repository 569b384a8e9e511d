import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatisticsTally, scoreBucket, sumStatistics } from '../../../lib/assessment/statistics.ts';
import type { Assessment } from '../../../lib/store/assessment.ts';
import {
  assessment,
  failedAssessment,
  legacyAssessment,
  plainAssessment,
  vote,
} from '../../factories/assessments.ts';

const NO_RECORDS = { stored: 0, duplicates: 0, rejected: 0 };

function statisticsOf(assessments: readonly Assessment[], records = NO_RECORDS) {
  const tally = new StatisticsTally(0.7);
  for (const each of assessments) tally.addAssessment(each);
  return tally.finish(records);
}

const assessments = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }).map((threat_score) => assessment({ threat_score })),
    fc.double({ min: 0, max: 1, noNaN: true }).map((threat_score) => plainAssessment({ threat_score })),
    fc.constant(failedAssessment()),
    fc.constant(legacyAssessment()),
  ),
);

describe('scoreBucket', () => {
  it.each([
    [0, 0],
    [0.0999, 0],
    [0.1, 1],
    [0.2, 2],
    [0.3, 3],
    [0.4, 4],
    [0.5, 5],
    [0.6, 6],
    [0.7, 7],
    [0.8, 8],
    [0.9, 9],
    [0.9999, 9],
    [1, 9],
  ])('puts %d into bucket %i', (score, bucket) => {
    expect(scoreBucket(score)).toBe(bucket);
  });
});

describe('StatisticsTally', () => {
  it('counts what assessments came to', () => {
    const statistics = statisticsOf(
      [
        assessment({ threat_score: 0.95 }),
        plainAssessment({
          threat_score: 0.25,
          votes: { statistical: vote({ score: 0.2, confidence: 0.1 }) },
        }),
        failedAssessment(),
        legacyAssessment({ threat_score: 0.2 }),
      ],
      { stored: 7, duplicates: 2, rejected: 1 },
    );

    expect(statistics).toEqual({
      records: 10,
      stored: 7,
      duplicates: 2,
      rejected: 1,
      assessments: 4,
      consensus_assessments: 3,
      consensus_score_sum: 0.8,
      consensus_failures: 1,
      legacy_failures: 0,
      high_uncertainty: 1,
      malicious: 1,
      degraded: 1,
      without_evidence: 3,
      score_sum: 1.6,
      score_histogram: [0, 0, 3, 0, 0, 0, 0, 0, 0, 1],
      scorers: {
        statistical: { votes: 2, failures: 1, score_sum: 0.6, confidence_sum: 0.7 },
        rule_based: { votes: 0, failures: 2, score_sum: 0, confidence_sum: 0 },
        ml_based: { votes: 1, failures: 1, score_sum: 0.8, confidence_sum: 0.6 },
      },
    });
  });

  it('counts every assessment in one bucket and every scorer once', () => {
    fc.assert(
      fc.property(assessments, (all) => {
        const statistics = statisticsOf(all);

        const inBuckets = statistics.score_histogram.reduce((sum, count) => sum + count, 0);
        expect(inBuckets).toBe(all.length);
        for (const { votes, failures } of Object.values(statistics.scorers)) {
          expect(votes + failures).toBeLessThanOrEqual(all.length);
        }
      }),
    );
  });
});

describe('sumStatistics', () => {
  it('is all zeros without anything to add up', () => {
    expect(sumStatistics([])).toMatchObject({ records: 0, assessments: 0, score_sum: 0, scorers: {} });
  });

  it('comes to the same whether assessments were counted together or apart', () => {
    fc.assert(
      fc.property(assessments, assessments, (one, other) => {
        const sum = sumStatistics([
          statisticsOf(one, { stored: 3, duplicates: 2, rejected: 1 }),
          statisticsOf(other, { stored: 30, duplicates: 20, rejected: 10 }),
        ]);
        const together = statisticsOf([...one, ...other], { stored: 33, duplicates: 22, rejected: 11 });

        expect(sum).toMatchObject({
          ...together,
          score_sum: expect.closeTo(together.score_sum, 3),
          consensus_score_sum: expect.closeTo(together.consensus_score_sum ?? 0, 3),
          scorers: expect.anything(),
        });
      }),
    );
  });

  it('changes none of its parts', () => {
    const part = Object.freeze(statisticsOf([assessment()], { stored: 1, duplicates: 0, rejected: 0 }));
    const before = structuredClone(part);

    sumStatistics([part, part]);

    expect(part).toEqual(before);
  });
});
