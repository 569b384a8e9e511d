import { type Reading, readInput } from './reading.ts';
import type { Scorer, ScorerName, Vote } from './vote.ts';

/** A scorer of the engine: it leaves its input unchanged, and its votes are fresh and plain. */
export interface OwnScorer extends Scorer {
  /** Like `score`, for an input that was already read. */
  readonly vote: (reading: Reading) => Vote;
}

export function createOwnScorer(name: ScorerName, vote: OwnScorer['vote']): OwnScorer {
  return { name, vote, score: (input) => vote(readInput(input)) };
}
