import { patternOf } from '../consensus/activity-evidence.ts';
import type { Consensus } from '../consensus/consensus.ts';
import { ENGINE_VERSION } from '../consensus/engine-version.ts';
import { findEvidenceSources } from '../consensus/evidence-sources.ts';
import { readInput } from '../consensus/reading.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { Verdict } from '../consensus/verdict.ts';
import { type Cutover, usesConsensus } from '../cutover/canary.ts';
import type { LegacyScore } from '../cutover/legacy-score.ts';
import type { Assessment, NoVerdict, ScoredBy } from '../store/assessment.ts';
import { messageLine } from './one-line.ts';

/** Turns a scoring input into the assessment that is stored; an error of a scorer never makes it throw. */
export type Assess = (input: ScoringInput) => Assessment;

export interface AssessOptions {
  readonly consensus: Consensus;
  readonly legacyScore: (input: ScoringInput) => LegacyScore;
  /** Which score is used, and which scorers are asked; by default the consensus, with legacy only as a fallback. */
  readonly cutover?: Cutover;
}

/** Used if neither the consensus nor the legacy scorer has a score: neither cleared nor accused. */
const FALLBACK_SCORE = 0.5;

const CONSENSUS_ONLY: Cutover = { mode: 'consensus', consensusPercent: 0 };

/**
 * Builds the assessment of one endpoint. The score used is the one the cutover selects, else the other one if it was
 * requested, else 0.5.
 *
 * | mode | consensus | legacy scorer |
 * |---|---|---|
 * | `legacy` | not asked | asked |
 * | `parallel` | asked | asked |
 * | `consensus` | asked | asked if the consensus failed |
 */
export function createAssess({ consensus, legacyScore, cutover = CONSENSUS_ONLY }: AssessOptions): Assess {
  return (input) => {
    const verdict = cutover.mode === 'legacy' ? notAsked(input) : attemptConsensus(consensus, input);
    const isLegacyAsked = cutover.mode !== 'consensus' || verdict.method === 'failed';
    const legacy = isLegacyAsked ? attemptLegacy(legacyScore, input) : {};
    const pattern = patternOf(input);
    const choice = choose(verdict, legacy, usesConsensus(cutover, input.address));
    return {
      threat_score: choice.score,
      scored_by: choice.by,
      engine_version: ENGINE_VERSION,
      ...legacy,
      ...verdict,
      ...(pattern !== 'none' && { pattern }),
      ...(choice.by === 'fallback' && namingLegacy(verdict, legacy)),
      input: assessedInput(input),
    };
  };
}

function assessedInput({
  threat_intel,
  geo_data,
  report_age_days,
  activity,
  detections,
}: ScoringInput): Assessment['input'] {
  return {
    ...(threat_intel !== undefined && { threat_intel }),
    ...(geo_data !== undefined && { geo_data }),
    ...(report_age_days !== undefined && { report_age_days }),
    ...(activity !== undefined && { activity }),
    ...(detections !== undefined && { detections }),
  };
}

interface Choice {
  readonly score: number;
  readonly by: ScoredBy;
}

function choose(
  verdict: Verdict | NoVerdict,
  { legacy_score }: LegacyAnswer,
  isConsensusPreferred: boolean,
): Choice {
  const consensus: Choice | undefined =
    verdict.method === 'median' ? { score: verdict.consensus_score, by: 'consensus' } : undefined;
  const legacy: Choice | undefined =
    legacy_score === undefined ? undefined : { score: legacy_score, by: 'legacy' };
  const [first, second] = isConsensusPreferred ? [consensus, legacy] : [legacy, consensus];
  return first ?? second ?? { score: FALLBACK_SCORE, by: 'fallback' };
}

function notAsked(input: ScoringInput): NoVerdict {
  return { method: 'none', votes: {}, failures: {}, evidence: findEvidenceSources(readInput(input)) };
}

/** The engine promises not to throw; if it does anyway, only one endpoint is affected. */
function attemptConsensus(consensus: Consensus, input: ScoringInput): Verdict {
  try {
    return consensus.assess(input);
  } catch (error) {
    const reason = `the consensus threw ${messageLine(error)}`;
    const evidence = findEvidenceSources(readInput(input));
    return { method: 'failed', reason, votes: {}, failures: {}, quorum: 0, evidence };
  }
}

type LegacyAnswer = Pick<Assessment, 'legacy_score' | 'legacy_failure'>;

function attemptLegacy(legacyScore: AssessOptions['legacyScore'], input: ScoringInput): LegacyAnswer {
  try {
    const { score } = legacyScore(input);
    if (score >= 0 && score <= 1) return { legacy_score: score };
    return { legacy_failure: `${score} is not a score from 0 to 1` };
  } catch (error) {
    return { legacy_failure: messageLine(error) };
  }
}

/** A failed consensus has one reason; with no score at all it also says why the legacy scorer has none. */
function namingLegacy(verdict: Verdict | NoVerdict, { legacy_failure }: LegacyAnswer) {
  return verdict.method === 'failed' && { reason: `${verdict.reason}; legacy scorer: ${legacy_failure}` };
}
