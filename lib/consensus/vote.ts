import type { ScoringInput } from './scoring-input.ts';

/** The scorers that vote, in the order in which they are reported. */
export const SCORER_NAMES = ['statistical', 'rule_based', 'ml_based'] as const;
export type ScorerName = (typeof SCORER_NAMES)[number];

/** One scorer's opinion of one scoring input. */
export interface Vote {
  /** Probability that the endpoint is malicious, 0-1. */
  readonly score: number;
  /** How much evidence supports the score, from 0 (none: the score is a prior) to 1. */
  readonly confidence: number;
  /** One sentence for an analyst: the reasons for the score. */
  readonly reasoning: string;
  /** The figures that the scorer derived from its input, by name; zero and absent mean the same. */
  readonly features: Readonly<Record<string, number>>;
}

/** A pure function of its input: no clock, randomness, I/O or memory of earlier calls. */
export interface Scorer {
  readonly name: ScorerName;
  score(input: ScoringInput): Vote;
}
