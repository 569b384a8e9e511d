import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BatchOutcome } from '../../../lib/assessment/assess-batch.ts';
import { reportMetrics, type Troubles } from '../../../lib/assessment/report-metrics.ts';
import { DEFAULT_SETTINGS } from '../../../lib/cutover/settings.ts';
import type { SettingsInForce } from '../../../lib/cutover/settings-reader.ts';
import { StatisticsTally, sumStatistics } from '../../../lib/statistics/unit-tally.ts';
import type { Assessment } from '../../../lib/store/assessment.ts';
import { METRICS } from '../../../lib/telemetry/metric-names.ts';
import {
  assessment,
  failedAssessment,
  legacyAssessment,
  plainAssessment,
} from '../../factories/assessments.ts';

const operators = (version: number) => ({ source: 'operator', version, changedAtMs: 1_000 }) as const;
const IN_FORCE: SettingsInForce = { settings: DEFAULT_SETTINGS, origin: operators(1), unknownKeys: [] };

const SETTLED = {
  SettingsInvalid: 0,
  SettingsUnknownKeys: 0,
  SettingsVersion: 1,
  CutoverMode: 0,
  ConsensusPercent: 0,
};

const NOBODY_WAITED = {
  LatencyUpTo25Ms: 0,
  LatencyUpTo50Ms: 0,
  LatencyUpTo100Ms: 0,
  LatencyUpTo500Ms: 0,
  LatencyOver500Ms: 0,
};

function reported(
  outcome: Partial<BatchOutcome>,
  inForce = IN_FORCE,
  troubles: Partial<Troubles> = {},
  messages = 0,
): Record<string, number> {
  const metrics = new Metrics({ namespace: 'Test', serviceName: 'test' });
  reportMetrics(
    metrics,
    {
      statistics: sumStatistics([]),
      failures: new Map(),
      givenUp: new Map(),
      defects: new Map(),
      lookUps: [],
      latencies: [],
      announcements: 0,
      freshness: { timed: 0, stale: 0 },
      ...outcome,
    },
    inForce,
    messages,
    { defects: 0, unreadableItems: 0, malformed: 0, isSenderAsleep: false, ...troubles },
  );
  const { _aws, service: _, settings: __, ...values } = metrics.serializeMetrics();
  return values as unknown as Record<string, number>;
}

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('reportMetrics', () => {
  it('reports nothing happening as zeros that alarms can see', () => {
    const values = reported({});

    expect(values).toEqual({
      RecordsReceived: 0,
      RecordsStored: 0,
      RecordsDuplicate: 0,
      RecordsRejected: 0,
      Defects: 0,
      UnreadableItems: 0,
      MessagesReceived: 0,
      MessagesFailed: 0,
      MessagesKeepFailing: 0,
      MessagesTimed: 0,
      MessagesStale: 0,
      Assessments: 0,
      ConsensusAssessments: 0,
      AssessmentsWithoutEvidence: 0,
      ConsensusFailures: 0,
      LegacyFailures: 0,
      ComparedAssessments: 0,
      DivergentAssessments: 0,
      NewlyMaliciousAssessments: 0,
      NoLongerMaliciousAssessments: 0,
      HighUncertainty: 0,
      DegradedAssessments: 0,
      MaliciousAssessments: 0,
      ThreatScoreSum: 0,
      ConsensusScoreSum: 0,
      ScorerFailuresStatistical: 0,
      ScorerFailuresRuleBased: 0,
      ScorerFailuresMlBased: 0,
      ...NOBODY_WAITED,
      ...SETTLED,
    });
  });

  it('reports how soon messages were stored, where some were', () => {
    const freshness = { timed: 7, stale: 2, sentToStoredMs: 6_100, receivedToStoredMs: 80 };

    expect(reported({ freshness })).toMatchObject({
      MessagesTimed: 7,
      MessagesStale: 2,
      SentToStored: 6_100,
      ReceivedToStored: 80,
    });
  });

  it('reports what an invocation came to', () => {
    const tally = new StatisticsTally(0.7);
    for (const each of [
      assessment({ threat_score: 0.95 }),
      plainAssessment({ threat_score: 0.25 }),
      failedAssessment(),
    ]) {
      tally.addAssessment(each);
    }
    const statistics = sumStatistics([tally.finish({ stored: 7, duplicates: 2, rejected: 1 })]);

    const troubles = { defects: 4, unreadableItems: 5, malformed: 2 };
    const values = reported({ statistics, failures: new Map([['message-1', 'no']]) }, IN_FORCE, troubles, 3);

    expect(values).toEqual({
      RecordsReceived: 10,
      RecordsStored: 7,
      RecordsDuplicate: 2,
      RecordsRejected: 1,
      Defects: 4,
      UnreadableItems: 5,
      MessagesReceived: 5,
      MessagesFailed: 3,
      MessagesKeepFailing: 0,
      MessagesTimed: 0,
      MessagesStale: 0,
      Assessments: 3,
      ConsensusAssessments: 3,
      AssessmentsWithoutEvidence: 2,
      ConsensusFailures: 1,
      LegacyFailures: 0,
      ComparedAssessments: 0,
      DivergentAssessments: 0,
      NewlyMaliciousAssessments: 0,
      NoLongerMaliciousAssessments: 0,
      HighUncertainty: 1,
      DegradedAssessments: 1,
      MaliciousAssessments: 1,
      ThreatScoreSum: 1.4,
      ConsensusScoreSum: 0.8,
      ScorerFailuresStatistical: 1,
      ScorerFailuresRuleBased: 2,
      ScorerFailuresMlBased: 1,
      ThreatScore20To30: 2,
      ThreatScore90To100: 1,
      ...NOBODY_WAITED,
      ...SETTLED,
    });
  });

  it('counts the assessments without a consensus apart', () => {
    const tally = new StatisticsTally(0.7);
    tally.addAssessment(assessment());
    tally.addAssessment(legacyAssessment());

    const finished = tally.finish({ stored: 2, duplicates: 0, rejected: 0 });
    const values = reported({ statistics: sumStatistics([finished]) });

    expect(values).toMatchObject({ Assessments: 2, ConsensusAssessments: 1, ConsensusFailures: 0 });
  });

  it('reports how the two scores compare', () => {
    const tally = new StatisticsTally(0.7, 0.2);
    for (const [legacy_score, consensus_score] of [
      [0.2, 0.9],
      [0.8, 0.1],
      [0.8, 0.4],
      [0.6, 0.75],
      [0.9, 0.9],
    ]) {
      tally.addAssessment(plainAssessment({ legacy_score, consensus_score } as Partial<Assessment>));
    }
    tally.addAssessment(plainAssessment({ legacy_failure: 'no answer' }));
    const finished = tally.finish({ stored: 6, duplicates: 0, rejected: 0 });

    expect(reported({ statistics: sumStatistics([finished]) })).toMatchObject({
      Assessments: 6,
      LegacyFailures: 1,
      ComparedAssessments: 5,
      DivergentAssessments: 3,
      NewlyMaliciousAssessments: 2,
      NoLongerMaliciousAssessments: 2,
    });
  });

  it.each([
    ['legacy', 30, 0, 0],
    ['parallel', 30, 1, 30],
    ['consensus', 30, 2, 100],
  ] as const)('reports the mode %s with %d % as figures', (mode, consensusPercent, CutoverMode, percent) => {
    const settings = { ...DEFAULT_SETTINGS, mode, consensusPercent };

    const values = reported({}, { settings, origin: operators(7), unknownKeys: ['a', 'b'] });

    expect(values).toMatchObject({
      CutoverMode,
      ConsensusPercent: percent,
      SettingsVersion: 7,
      SettingsUnknownKeys: 2,
      SettingsInvalid: 0,
    });
  });

  it('says that the settings cannot be used', () => {
    expect(reported({}, { ...IN_FORCE, problem: 'no answer' })).toMatchObject({ SettingsInvalid: 1 });
  });

  it.each([
    [0, 'LatencyUpTo25Ms'],
    [25, 'LatencyUpTo25Ms'],
    [25.1, 'LatencyUpTo50Ms'],
    [50, 'LatencyUpTo50Ms'],
    [100, 'LatencyUpTo100Ms'],
    [100.1, 'LatencyUpTo500Ms'],
    [500, 'LatencyUpTo500Ms'],
    [60_000, 'LatencyOver500Ms'],
  ])('counts assessments that took %d ms as %s', (milliseconds, name) => {
    const values = reported({ latencies: [{ milliseconds, assessments: 3 }] });

    expect(values).toMatchObject({ ...NOBODY_WAITED, [name]: 3 });
  });

  it('adds up the assessments of messages that took about as long', () => {
    const latencies = [1, 2, 300].map((milliseconds) => ({ milliseconds, assessments: 2 }));

    expect(reported({ latencies })).toMatchObject({ LatencyUpTo25Ms: 4, LatencyUpTo500Ms: 2 });
  });

  it('says nothing about the latency of a message without assessments', () => {
    const values = reported({ latencies: [{ milliseconds: 1, assessments: 0 }] });

    expect(values).toMatchObject(NOBODY_WAITED);
  });

  it('stays within the hundred metrics of one line', () => {
    const names = [METRICS.recordsReceived, ...METRICS.threatScoreBuckets];
    const statistics = { ...sumStatistics([]), score_histogram: names.map(() => 1) };

    const values = reported({
      statistics,
      latencies: [1, 30, 60, 200, 900].map((milliseconds) => ({ milliseconds, assessments: 1 })),
    });

    expect(Object.keys(values).length).toBeLessThanOrEqual(100);
    expect(Object.values(values).every((value) => !Array.isArray(value))).toBe(true);
  });
});
