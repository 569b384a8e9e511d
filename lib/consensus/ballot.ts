import type { ScoringInput } from './scoring-input.ts';
import type { Scorer, ScorerName, Vote } from './vote.ts';

/** The scorers' answers to one scoring input: valid votes, and why the others were discarded. */
export interface Ballot {
  readonly votes: Partial<Record<ScorerName, Vote>>;
  readonly failures: Partial<Record<ScorerName, string>>;
}

/** Failures are stored with the verdict; a long message of a thrown error is cut. */
const LONGEST_REASON = 120;

/** Asks each scorer for its vote. Never throws, whatever a scorer does. */
export function collectVotes(scorers: readonly Scorer[], input: ScoringInput): Ballot {
  const votes: Ballot['votes'] = {};
  const failures: Ballot['failures'] = {};
  for (const scorer of scorers) {
    try {
      const vote = scorer.score(input);
      const fault = findFault(vote);
      if (fault === undefined) votes[scorer.name] = vote;
      else failures[scorer.name] = fault;
    } catch (thrown) {
      failures[scorer.name] = `threw ${describeThrown(thrown)}`.slice(0, LONGEST_REASON);
    }
  }
  return { votes, failures };
}

/** Why a vote does not count, or `undefined` for a valid one. */
function findFault(vote: Vote | null | undefined): string | undefined {
  if (vote == null) return 'gave no vote';
  if (!isShare(vote.score)) return 'score is not a number from 0 to 1';
  if (!isShare(vote.confidence)) return 'confidence is not a number from 0 to 1';
  return undefined;
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

/** Anything can be thrown, even a value that throws again when it is turned into text. */
function describeThrown(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return text.split('\n', 1)[0] ?? '';
  } catch {
    return 'something that cannot be described';
  }
}
