import { type Ballot, collectVotes, type Voter } from './ballot.ts';
import { findEvidenceSources } from './evidence-sources.ts';
import { distance, median } from './median.ts';
import { readInput } from './reading.ts';
import { SCORERS } from './scorers/scorers.ts';
import type { ScoringInput } from './scoring-input.ts';
import { type ConsensusSettings, DEFAULT_CONSENSUS_SETTINGS } from './settings.ts';
import type { EvidenceSource, Verdict } from './verdict.ts';
import { SCORER_NAMES, type Scorer, type ScorerName, type Vote } from './vote.ts';

export interface Consensus {
  /** Scores an endpoint in its context, or a bare address. A pure function that does not throw. */
  assess(input: ScoringInput): Verdict;
}

export interface ConsensusOptions {
  /** Defaults to {@link DEFAULT_CONSENSUS_SETTINGS}, setting by setting. */
  readonly settings?: Partial<ConsensusSettings>;
  /** Defaults to the three scorers of the engine. Names must be distinct. */
  readonly scorers?: readonly Scorer[];
}

/** Below three votes the median is a mean: one faulty vote can move it arbitrarily. */
const FEWEST_VOTES_FOR_TOLERANCE = 3;

export function createConsensus(options: ConsensusOptions = {}): Consensus {
  const settings = { ...DEFAULT_CONSENSUS_SETTINGS, ...options.settings };
  const voters = inReportingOrder(options.scorers ?? SCORERS);
  return {
    assess(input) {
      const reading = readInput(input);
      return decide(collectVotes(voters, input, reading), voters, findEvidenceSources(reading), settings);
    },
  };
}

/** A fixed order, so that a verdict does not depend on the order in which scorers are given. */
function inReportingOrder(scorers: readonly Scorer[]): readonly Voter[] {
  const ordered = scorers
    .map((scorer) => ({ name: scorer.name, scorer, own: SCORERS.find((own) => own === scorer) }))
    .toSorted((a, b) => SCORER_NAMES.indexOf(a.name) - SCORER_NAMES.indexOf(b.name));
  if (new Set(ordered.map(({ name }) => name)).size !== ordered.length) {
    throw new TypeError(`two scorers have the same name: ${ordered.map(({ name }) => name).join(', ')}`);
  }
  return ordered;
}

function decide(
  { votes, failures }: Ballot,
  voters: readonly Voter[],
  evidence: readonly EvidenceSource[],
  settings: ConsensusSettings,
): Verdict {
  const scores: number[] = [];
  const confidences: number[] = [];
  for (const { name } of voters) {
    const vote = votes[name];
    if (vote === undefined) continue;
    scores.push(vote.score);
    confidences.push(vote.confidence);
  }
  const quorum = voters.length === 0 ? 0 : scores.length / voters.length;
  // A median needs one vote, however low the minimum is set.
  const required = Math.max(1, settings.minScorers);
  if (scores.length < required) {
    const reason = `${scores.length} of ${voters.length} scorers gave a valid vote, ${required} required`;
    return { method: 'failed', reason, votes, failures, quorum, evidence };
  }
  const consensusScore = median(scores);
  const spread = spreadOf(scores);
  return {
    method: 'median',
    consensus_score: consensusScore,
    confidence: combineConfidence(confidences, spread, quorum),
    spread,
    high_uncertainty: spread > settings.uncertaintyThreshold,
    // No vote is further from the median than the spread.
    outliers:
      spread > settings.outlierThreshold
        ? findOutliers(voters, votes, consensusScore, settings.outlierThreshold)
        : [],
    degraded: scores.length < FEWEST_VOTES_FOR_TOLERANCE,
    votes,
    failures,
    quorum,
    evidence,
  };
}

function spreadOf(scores: readonly number[]): number {
  let lowest = 1;
  let highest = 0;
  for (const score of scores) {
    if (score < lowest) lowest = score;
    if (score > highest) highest = score;
  }
  return distance(highest, lowest);
}

/**
 * Confidence of a verdict, 0-1: median of the votes' confidences x agreement x quorum, where agreement is
 * 1 - spread. The median keeps one faulty scorer from inflating it; disagreement and missing votes only lower it.
 */
function combineConfidence(confidences: readonly number[], spread: number, quorum: number): number {
  return Math.round(median(confidences) * (1 - spread) * quorum * 10_000) / 10_000;
}

function findOutliers(
  voters: readonly Voter[],
  votes: Partial<Record<ScorerName, Vote>>,
  consensusScore: number,
  outlierThreshold: number,
): ScorerName[] {
  const outliers: ScorerName[] = [];
  for (const { name } of voters) {
    const vote = votes[name];
    if (vote !== undefined && distance(vote.score, consensusScore) > outlierThreshold) outliers.push(name);
  }
  return outliers;
}
