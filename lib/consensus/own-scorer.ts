import { type Reading, readInput } from './reading.ts';
import type { Scorer, ScorerName, Vote } from './vote.ts';

/** A scorer of the engine: it leaves what it is given alone, and its votes are fresh and plain. */
export interface OwnScorer extends Scorer {
  /** As `score`, of an input that was read before. */
  readonly vote: (reading: Reading) => Vote;
}

export function createOwnScorer(name: ScorerName, vote: OwnScorer['vote']): OwnScorer {
  return { name, vote, score: (input) => vote(readInput(input)) };
}
