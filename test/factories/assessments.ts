import type { Scorer, ScorerName, Vote } from '../../lib/consensus/vote.ts';
import type { Assessment } from '../../lib/store/assessment.ts';

export function vote(overrides: Partial<Vote> = {}): Vote {
  return {
    score: 0.4,
    confidence: 0.6,
    reasoning: 'nothing is known',
    features: { reports: 3 },
    ...overrides,
  };
}

/** A scorer that always votes the same. */
export function fixedScorer(name: ScorerName, overrides: Partial<Vote> = {}): Scorer {
  return { name, score: () => vote(overrides) };
}

/** A scorer that always throws. */
export function failingScorer(name: ScorerName, message = 'out of order'): Scorer {
  return {
    name,
    score: () => {
      throw new Error(message);
    },
  };
}

/** An assessment in which something stands in every field. */
export function assessment(overrides: Partial<Assessment> = {}): Assessment {
  return {
    threat_score: 0.4,
    scored_by: 'consensus',
    engine_version: '1.0.0',
    method: 'median',
    consensus_score: 0.4,
    confidence: 0.55,
    spread: 0.4,
    high_uncertainty: true,
    outliers: ['ml_based'],
    degraded: true,
    votes: { statistical: vote(), ml_based: vote({ score: 0.8 }) },
    failures: { rule_based: 'threw Error: out of order' },
    quorum: 2 / 3,
    evidence: ['abuseipdb'],
    input: {
      threat_intel: { abuseipdb: { confidence_score: 10, total_reports: 3 } },
      geo_data: { country_code: 'DE' },
      report_age_days: 3,
    },
    ...overrides,
  } as Assessment;
}

/** An assessment in which everything that can be empty or false is. */
export function plainAssessment(overrides: Partial<Assessment> = {}): Assessment {
  return assessment({
    high_uncertainty: false,
    outliers: [],
    degraded: false,
    failures: {},
    evidence: [],
    input: {},
    ...overrides,
  } as Partial<Assessment>);
}

/** In legacy mode: the scorers were not asked. */
export function legacyAssessment(overrides: Partial<Assessment> = {}): Assessment {
  return {
    threat_score: 0.2,
    scored_by: 'legacy',
    legacy_score: 0.2,
    engine_version: '1.0.0',
    method: 'none',
    votes: {},
    failures: {},
    evidence: [],
    input: {},
    ...overrides,
  } as Assessment;
}

/** No scorer gave a valid vote. */
export function failedAssessment(): Assessment {
  return {
    threat_score: 0.2,
    scored_by: 'legacy',
    legacy_score: 0.2,
    engine_version: '1.0.0',
    method: 'failed',
    reason: '0 of 3 scorers gave a valid vote, 2 required',
    votes: {},
    failures: { statistical: 'threw Error: x', rule_based: 'threw Error: x', ml_based: 'threw Error: x' },
    quorum: 0,
    evidence: [],
    input: {},
  };
}
