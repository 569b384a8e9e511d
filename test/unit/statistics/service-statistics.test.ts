import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_READINESS, type SharedThresholds } from '../../../lib/statistics/readiness-thresholds.ts';
import { serviceStatistics } from '../../../lib/statistics/service-statistics.ts';
import { summaryKey } from '../../../lib/store/keys.ts';
import type { Label } from '../../../lib/store/labels.ts';
import type { StatisticsEntry } from '../../../lib/store/read-summaries.ts';
import type { UnitStatistics } from '../../../lib/store/unit-statistics.ts';

const THRESHOLD = 0.7;
const NOTHING: UnitStatistics = {
  records: 0,
  stored: 0,
  duplicates: 0,
  rejected: 0,
  skipped: {},
  assessments: 0,
  allowed: 0,
  consensus_assessments: 0,
  consensus_failures: 0,
  legacy_failures: 0,
  high_uncertainty: 0,
  malicious: 0,
  degraded: 0,
  without_evidence: 0,
  score_sum: 0,
  consensus_score_sum: 0,
  score_histogram: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  scorers: {},
  fan_outs: [],
  lookups: {},
};

function entry(
  statistics: Partial<UnitStatistics> = {},
  latency_ms = 1,
  stored_ms = 2 * latency_ms,
): StatisticsEntry {
  return {
    ...summaryKey('A'),
    ingested_at: 0,
    latency_ms,
    stored_ms,
    statistics: { ...NOTHING, ...statistics },
  };
}

function label(truth: Label['label'], snapshot: Partial<Label['snapshot']>, incidentDetected = false): Label {
  return {
    assessment: '8.8.8.8/A/443/tcp/outbound',
    latestMs: 0,
    address: '8.8.8.8',
    label: truth,
    isOfAddress: false,
    incidentDetected,
    labelledAtMs: 0,
    snapshot: {
      threat_score: 0.5,
      engine_version: '1.0.0',
      votes: {},
      evidence: [],
      input: '{}',
      ...snapshot,
    },
  };
}

const statisticsOf = (entries: readonly StatisticsEntry[], labels: readonly Label[] = []) =>
  serviceStatistics(entries, labels, THRESHOLD);

describe('totals', () => {
  it('of nothing are zero, and no accuracy is known', () => {
    const scorer = {
      votes: 0,
      failures: 0,
      failure_rate: 0,
      average_score: 0,
      average_confidence: 0,
      accuracy: null,
    };
    const { score_sum: _, consensus_score_sum: __, score_histogram, scorers: ___, ...totals } = NOTHING;

    expect(statisticsOf([])).toEqual({
      messages: 0,
      totals,
      failure_rate: 0,
      uncertainty_rate: 0,
      average_score: 0,
      average_consensus_score: null,
      score_histogram,
      scorers: { statistical: scorer, rule_based: scorer, ml_based: scorer },
      consensus_accuracy: null,
      legacy_accuracy: null,
      comparison: {
        compared: 0,
        agreements: 0,
        flips: [
          [0, 0],
          [0, 0],
        ],
        unexplained_flips: 0,
        difference_sum: 0,
        divergence_histogram: Array(10).fill(0),
        legacy_histogram: Array(10).fill(0),
        consensus_histogram: Array(10).fill(0),
        agreement_rate: null,
        average_difference: null,
      },
      labels: { malicious: 0, benign: 0, incidents: 0 },
      latency_ms: { p50: 0, p99: 0, max: 0 },
      received_to_stored_ms: { p50: 0, p99: 0, max: 0 },
      thresholds: {
        failure_rate: 0.05,
        uncertainty_rate: 0.3,
        average_consensus_score: { minimum: 0.01, maximum: 0.8 },
      },
      breaches: [],
    });
  });

  it('add messages up, and rates are shares of the assessments that the scorers were asked for', () => {
    const votes = { votes: 3, failures: 1, score_sum: 1.5, confidence_sum: 0.6 };
    const { messages, totals, ...rates } = statisticsOf([
      entry({
        records: 5,
        stored: 4,
        rejected: 1,
        assessments: 9,
        consensus_assessments: 4,
        consensus_failures: 1,
        score_sum: 2,
      }),
      entry({
        records: 2,
        duplicates: 2,
        assessments: 1,
        consensus_assessments: 1,
        high_uncertainty: 1,
        score_sum: 1,
      }),
      entry({ scorers: { rule_based: votes } }),
      entry({ scorers: { rule_based: votes } }),
    ]);

    expect(messages).toBe(4);
    expect(totals).toMatchObject({ records: 7, stored: 4, duplicates: 2, rejected: 1, assessments: 10 });
    expect(rates).toMatchObject({ failure_rate: 0.2, uncertainty_rate: 0.2, average_score: 0.3 });
    expect(rates.scorers.rule_based).toEqual({
      votes: 6,
      failures: 2,
      failure_rate: 0.25,
      average_score: 0.5,
      average_confidence: expect.closeTo(0.2),
      accuracy: null,
    });
  });
});

it('the comparison of both scores is added up, and its rates are shares of what was compared', () => {
  const one = { divergence_histogram: [3, 1], legacy_histogram: [4], consensus_histogram: [2, 2] };
  const { comparison } = statisticsOf([
    entry({
      comparison: {
        ...one,
        compared: 4,
        agreements: 3,
        unexplained_flips: 1,
        difference_sum: 0.5,
        flips: [
          [2, 1],
          [0, 1],
        ],
      },
    }),
    entry({ assessments: 100 }),
    entry({
      comparison: {
        ...one,
        compared: 4,
        agreements: 1,
        unexplained_flips: 2,
        difference_sum: -0.9,
        flips: [
          [1, 2],
          [1, 0],
        ],
      },
    }),
  ]);

  expect(comparison).toMatchObject({
    compared: 8,
    agreements: 4,
    unexplained_flips: 3,
    flips: [
      [3, 3],
      [1, 1],
    ],
    agreement_rate: 0.5,
    average_difference: expect.closeTo(-0.05),
    divergence_histogram: [6, 2, 0, 0, 0, 0, 0, 0, 0, 0],
    legacy_histogram: [8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  });
});

describe('latency', () => {
  it.each<[string, [weight: number, latency: number][], { p50: number; p99: number; max: number }]>([
    ['of one message', [[1, 7]], { p50: 7, p99: 7, max: 7 }],
    [
      'counts a message once for each assessment',
      [
        [1, 9],
        [99, 2],
      ],
      { p50: 2, p99: 2, max: 9 },
    ],
    [
      'takes the smallest that enough do not exceed',
      [
        [1, 1],
        [1, 2],
        [1, 3],
        [1, 4],
      ],
      { p50: 2, p99: 4, max: 4 },
    ],
    [
      'sees the slowest hundredth',
      [
        [98, 1],
        [2, 50],
      ],
      { p50: 1, p99: 50, max: 50 },
    ],
    [
      'of units without assessments is that of none',
      [
        [0, 3],
        [0, 5],
      ],
      { p50: 0, p99: 0, max: 0 },
    ],
  ])('%s', (_, messages, expected) => {
    const entries = messages.map(([assessments, latency]) => entry({ assessments }, latency));

    expect(statisticsOf(entries).latency_ms).toEqual(expected);
    const { p50, p99, max } = expected;
    expect(statisticsOf(entries).received_to_stored_ms).toEqual({ p50: 2 * p50, p99: 2 * p99, max: 2 * max });
  });

  it('is the same in whatever order messages are read, and in order itself', () => {
    const messages = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat({ max: 1_000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(messages, (weighted) => {
        const entries = weighted.map(([assessments, latency]) => entry({ assessments }, latency));
        const sorted = weighted
          .flatMap(([assessments, latency]) => Array.from({ length: assessments }, () => latency))
          .sort((a, b) => a - b);

        const { p50, p99, max } = statisticsOf(entries).latency_ms;

        expect(statisticsOf(entries.toReversed()).latency_ms).toEqual({ p50, p99, max });
        expect(p50).toBe(sorted[Math.ceil(sorted.length * 0.5) - 1]);
        expect(p99).toBe(sorted[Math.ceil(sorted.length * 0.99) - 1]);
        expect(max).toBe(sorted.at(-1));
      }),
    );
  });
});

describe('accuracy', () => {
  const vote = (score: number) => ({ score, confidence: 0.5 });

  it.each<[Label['label'], number, number]>([
    ['malicious', 0.7, 1],
    ['malicious', 0.6999, 0],
    ['benign', 0.7, 0],
    ['benign', 0.6999, 1],
  ])('a %s endpoint with a score of %d', (truth, score, expected) => {
    const { consensus_accuracy, scorers } = statisticsOf(
      [],
      [label(truth, { consensus_score: score, votes: { ml_based: vote(score) } })],
    );

    expect([consensus_accuracy, scorers.ml_based.accuracy]).toEqual([expected, expected]);
  });

  it('judges those who voted, and the consensus where there was one', () => {
    const { consensus_accuracy, scorers } = statisticsOf(
      [],
      [
        label('malicious', {
          consensus_score: 0.9,
          votes: { statistical: vote(0.9), rule_based: vote(0.2) },
        }),
        label('malicious', { consensus_score: 0.8, votes: { statistical: vote(0.1) } }),
        label('benign', { threat_score: 0.9, votes: {} }),
      ],
    );

    expect(consensus_accuracy).toBe(1);
    expect([scorers.statistical.accuracy, scorers.rule_based.accuracy, scorers.ml_based.accuracy]).toEqual([
      0.5,
      0,
      null,
    ]);
  });

  it('counts labels and incidents', () => {
    const labels = [label('malicious', {}, true), label('benign', {}), label('benign', {}, true)];

    expect(statisticsOf([], labels).labels).toEqual({ malicious: 1, benign: 2, incidents: 2 });
  });
});

describe('breaches', () => {
  const { failureRate, uncertaintyRate } = DEFAULT_READINESS;
  const judged = (
    consensus_failures: number,
    high_uncertainty: number,
    consensus_score_sum: number,
    thresholds?: SharedThresholds,
  ) => {
    const entries = [
      entry({ consensus_assessments: 100, consensus_failures, high_uncertainty, consensus_score_sum }),
    ];
    return serviceStatistics(entries, [], THRESHOLD, thresholds).breaches;
  };

  it.each([
    ['none on the thresholds', failureRate * 100, uncertaintyRate * 100, 80, []],
    ['failures', 6, 30, 50, ['failure rate above 5 %']],
    ['uncertainty', 5, 31, 50, ['uncertainty rate above 30 %']],
    ['both', 6, 31, 50, ['failure rate above 5 %', 'uncertainty rate above 30 %']],
    ['scores that went flat', 0, 0, 0.9, ['average consensus score below 0.01']],
    ['scores that went wild', 0, 0, 81, ['average consensus score above 0.8']],
  ])('%s', (_, failures, uncertain, scores, expected) => {
    expect(judged(failures, uncertain, scores)).toEqual(expected);
  });

  it('are judged by the thresholds of an environment, and say them', () => {
    const thresholds = {
      failureRate: 0.07,
      uncertaintyRate: 0.145,
      averageScore: { minimum: 0.2, maximum: 0.4 },
    };

    expect(judged(7, 14, 40, thresholds)).toEqual([]);
    expect(judged(8, 15, 41, thresholds)).toEqual([
      'failure rate above 7 %',
      'uncertainty rate above 14.5 %',
      'average consensus score above 0.4',
    ]);
  });

  it('has none of an average where the scorers were not asked', () => {
    expect(statisticsOf([entry({ assessments: 5, consensus_assessments: 0 })]).breaches).toEqual([]);
  });
});
