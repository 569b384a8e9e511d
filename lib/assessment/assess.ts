import type { Consensus } from '../consensus/consensus.ts';
import { ENGINE_VERSION } from '../consensus/engine-version.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { LegacyScore } from '../reputation/legacy-score.ts';
import type { Assessment, ScoredBy } from '../store/assessment.ts';

/** Turns a scoring input into the assessment that is stored; what a scorer does wrong never makes it throw. */
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
    const legacy = attemptLegacy(legacyScore, asked);
    if (legacy.ok)
      return { ...decided(legacy.score, 'legacy'), legacy_score: legacy.score, ...verdict, input };
    const reason = `${verdict.reason}; legacy scorer: ${legacy.reason}`;
    return { ...decided(FALLBACK_SCORE, 'fallback'), ...verdict, reason, input };
  };
}

function decided(threat_score: number, scored_by: ScoredBy) {
  return { threat_score, scored_by, engine_version: ENGINE_VERSION };
}

type LegacyAttempt =
  | { readonly ok: true; readonly score: number }
  | { readonly ok: false; readonly reason: string };

function attemptLegacy(
  legacyScore: AssessOptions['legacyScore'],
  asked: string | ScoringInput,
): LegacyAttempt {
  try {
    const { score } = legacyScore(asked);
    if (score >= 0 && score <= 1) return { ok: true, score };
    return { ok: false, reason: `${score} is no score from 0 to 1` };
  } catch (error) {
    return { ok: false, reason: oneLine(error instanceof Error ? error.message : String(error)) };
  }
}

const REASON_LENGTH = 200;

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, REASON_LENGTH);
}
