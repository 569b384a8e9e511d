import type { Consensus } from '../consensus/consensus.ts';
import { ENGINE_VERSION } from '../consensus/engine-version.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { LegacyScore } from '../reputation/legacy-score.ts';
import type { Assessment, ScoredBy } from '../store/assessment.ts';

/** Turns a scoring input into the assessment that is stored. Never throws. */
export type Assess = (asked: string | ScoringInput) => Assessment;

export interface AssessOptions {
  readonly consensus: Consensus;
  /** Asked where the consensus has no score. */
  readonly legacyScore: (asked: string | ScoringInput) => LegacyScore;
}

/** Stands in where neither the consensus nor the legacy scorer has a score: neither cleared nor accused. */
const FALLBACK_SCORE = 0.5;

/** Builds the assessment of one endpoint: the consensus score, else the legacy score, else 0.5. */
export function createAssess({ consensus, legacyScore }: AssessOptions): Assess {
  return (asked) => {
    const { threat_intel, geo_data, report_age_days } =
      typeof asked === 'string' ? ({} as ScoringInput) : asked;
    const input = {
      ...(threat_intel !== undefined && { threat_intel }),
      ...(geo_data !== undefined && { geo_data }),
      ...(report_age_days !== undefined && { report_age_days }),
    };
    const verdict = consensus.assess(asked);
    if (verdict.method !== 'failed') {
      return { ...decided(verdict.consensus_score, 'consensus'), ...verdict, input };
    }
    const legacy = attempt(() => legacyScore(asked));
    if (legacy.ok) {
      const { score } = legacy.value;
      return { ...decided(score, 'legacy'), legacy_score: score, ...verdict, input };
    }
    const reason = `${verdict.reason}; legacy scorer: ${legacy.reason}`;
    return { ...decided(FALLBACK_SCORE, 'fallback'), ...verdict, reason, input };
  };
}

function decided(threat_score: number, scored_by: ScoredBy) {
  return { threat_score, scored_by, engine_version: ENGINE_VERSION };
}

type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

function attempt<Value>(action: () => Value): Attempt<Value> {
  try {
    return { ok: true, value: action() };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
