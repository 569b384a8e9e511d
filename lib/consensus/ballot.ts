import { copyVote, isValid } from './check-vote.ts';
import type { OwnScorer } from './own-scorer.ts';
import { type Reading, readInput } from './reading.ts';
import type { ScoringInput } from './scoring-input.ts';
import type { Scorer, ScorerName, Vote } from './vote.ts';

/** The scorers' answers to one scoring input: valid votes, and why the others were discarded. */
export interface Ballot {
  readonly votes: Partial<Record<ScorerName, Vote>>;
  readonly failures: Partial<Record<ScorerName, string>>;
}

/** A scorer, and everything about it that is fixed before it is first asked, so that it cannot change this later. */
export interface Voter {
  readonly name: ScorerName;
  readonly scorer: Scorer;
  /**
   * The scorer, if it is one of the engine's: these leave their input unchanged and return votes that are fresh and
   * plain, as their tests prove, so they can share what was read of the input. Any other scorer gets a copy of the
   * input and its vote is copied. Treating the engine's own scorers in the same way, or freezing the input, would make
   * an assessment 13 to 18 % slower, and would freeze objects of the caller.
   */
  readonly own: OwnScorer | undefined;
}

/** Failures are stored with the verdict; a longer reason is cut. In UTF-16 code units. */
export const LONGEST_REASON = 120;

/** Asks each scorer for its vote. Never throws, whatever a scorer does: a defect costs that scorer's vote and no other. */
export function collectVotes(
  voters: readonly Voter[],
  input: ScoringInput,
  reading: Reading = readInput(input),
): Ballot {
  const votes: Ballot['votes'] = {};
  const failures: Ballot['failures'] = {};
  for (const { name, scorer, own } of voters) {
    let answer: Vote | undefined;
    try {
      answer = own === undefined ? scorer.score(structuredClone(input)) : own.vote(reading);
      const vote = own !== undefined && isValid(answer) ? answer : copyVote(answer);
      if (typeof vote === 'object') keepVote(votes, name, vote);
      else {
        ignoreRejection(answer);
        failures[name] = vote;
      }
    } catch (thrown) {
      ignoreRejection(answer);
      ignoreRejection(thrown);
      failures[name] = `threw ${describeThrown(thrown)}`.slice(0, LONGEST_REASON);
    }
  }
  return { votes, failures };
}

/** Equivalent to `votes[name] = vote`, which takes the engine several times as long for a variable name. */
function keepVote(votes: Ballot['votes'], name: ScorerName, vote: Vote): void {
  switch (name) {
    case 'statistical':
      votes.statistical = vote;
      break;
    case 'rule_based':
      votes.rule_based = vote;
      break;
    case 'ml_based':
      votes.ml_based = vote;
  }
}

/**
 * Keeps an ignored promise from ending the process when it is rejected. The built-in method is called directly, because
 * a promise can override its own.
 */
function ignoreRejection(value: unknown): void {
  try {
    Promise.prototype.then.call(Promise.resolve(value), undefined, () => undefined);
  } catch {
    // A promise whose constructor throws can't be handled, and nobody makes one by mistake.
  }
}

/** Handles any thrown value, even one that throws again when it is converted to text. */
function describeThrown(thrown: unknown): string {
  try {
    return String(thrown).split('\n', 1)[0] ?? '';
  } catch {
    return 'something that cannot be described';
  }
}
