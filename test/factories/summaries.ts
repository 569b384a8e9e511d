import type { ThreatIntel } from '../../lib/consensus/scoring-input.ts';
import { SCORER_NAMES } from '../../lib/consensus/vote.ts';
import { ComparisonTally, sumComparisons } from '../../lib/statistics/comparison-tally.ts';
import { sumStatistics } from '../../lib/statistics/unit-tally.ts';
import type { Assessment } from '../../lib/store/assessment.ts';
import type { Comparison } from '../../lib/store/comparison.ts';
import { summaryKey } from '../../lib/store/keys.ts';
import type { Label } from '../../lib/store/labels.ts';
import type { StatisticsEntry } from '../../lib/store/read-summaries.ts';
import type { UnitStatistics } from '../../lib/store/unit-statistics.ts';
import { plainAssessment } from './assessments.ts';

/** Legacy score, consensus score, and what was known. */
export type ScorePair = readonly [legacy: number, consensus: number, threat_intel?: ThreatIntel];

/** What a message's summary says of endpoints with these scores. */
function comparisonOf(pairs: readonly ScorePair[]): Comparison {
  const tally = new ComparisonTally({ maliciousThreshold: 0.7, divergenceThreshold: 0.2 });
  for (const [legacy_score, consensus_score, threat_intel] of pairs) {
    const input = threat_intel === undefined ? {} : { threat_intel };
    tally.add(plainAssessment({ legacy_score, consensus_score, input } as Partial<Assessment>), undefined);
  }
  return tally.comparison ?? sumComparisons([]);
}

/** The index entry of a message in which so many endpoints were scored by both scores. */
export function parallelEntry(
  message: string,
  ingestedAtMs: number,
  pairs: readonly ScorePair[],
  changes: Partial<UnitStatistics> = {},
  latency_ms = 40,
): StatisticsEntry {
  const { comparison: _, ...none } = sumStatistics([]);
  const statistics = {
    ...none,
    assessments: pairs.length,
    consensus_assessments: pairs.length,
    consensus_score_sum: pairs.reduce((sum, [, consensus]) => sum + consensus, 0),
    scorers: votesOf(pairs),
    comparison: comparisonOf(pairs),
    ...changes,
  };
  return {
    ...summaryKey(message),
    ingested_at: ingestedAtMs,
    latency_ms,
    stored_ms: latency_ms + 30,
    statistics,
  };
}

/** Each scorer votes as the consensus came to. */
function votesOf(pairs: readonly ScorePair[]): UnitStatistics['scorers'] {
  const votes = pairs.length;
  const score_sum = pairs.reduce((sum, [, consensus]) => sum + consensus, 0);
  const scorer = { votes, failures: 0, score_sum, confidence_sum: votes / 2 };
  return Object.fromEntries(SCORER_NAMES.map((name) => [name, scorer]));
}

/** The index entry of a unit in which only one of the scores was asked for. */
export function singleEntry(mode: 'legacy' | 'consensus', ingestedAtMs: number): StatisticsEntry {
  const { comparison: _, ...none } = sumStatistics([]);
  const statistics = { ...none, assessments: 10, consensus_assessments: mode === 'legacy' ? 0 : 10 };
  return { ...summaryKey(mode), ingested_at: ingestedAtMs, latency_ms: 40, stored_ms: 70, statistics };
}

export function label(
  overrides: Omit<Partial<Label>, 'snapshot'> & { snapshot?: Partial<Label['snapshot']> } = {},
): Label {
  const { snapshot, ...rest } = overrides;
  return {
    assessment: '203.0.113.7/ABCDEFGHIJKLMNOPQRSTUV/443/tcp/outbound',
    latestMs: 1_699_999_999_000,
    address: '203.0.113.7',
    label: 'malicious',
    isOfAddress: false,
    incidentDetected: false,
    labelledAtMs: 1_700_000_000_000,
    snapshot: {
      threat_score: 0.2,
      legacy_score: 0.2,
      consensus_score: 0.9,
      engine_version: '1.0.0',
      votes: { statistical: { score: 0.9, confidence: 0.5 } },
      evidence: [],
      input: '{}',
      ...snapshot,
    },
    ...rest,
  };
}
