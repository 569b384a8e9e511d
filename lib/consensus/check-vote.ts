import type { Vote } from './vote.ts';

/** Longest reasoning that is stored, in UTF-16 code units; a longer one is cut. The engine's own stay below 320. */
export const LONGEST_REASONING = 500;
/** Most features of a vote. The engine's own scorers have at most eight. */
export const MOST_FEATURES = 64;
/** Longest name of a feature, in UTF-16 code units. */
export const LONGEST_FEATURE_NAME = 64;

/** Whether the vote of one of the engine's scorers counts: no check is needed that it is plain data. */
export function isValid(vote: Vote | null | undefined): boolean {
  return (
    vote != null && isShare(vote.score) && isShare(vote.confidence) && typeof vote.reasoning === 'string'
  );
}

/**
 * Copies a vote of an unknown scorer, or says why it does not count.
 *
 * The copy holds the fields of a vote and nothing else. Every property is read once, so a getter that returns something
 * else the second time can't get past the check.
 *
 * @throws whatever a getter or a proxy of the answer throws
 */
export function copyVote(answer: unknown): Vote | string {
  if (answer == null) return 'gave no vote';
  const { then, score, confidence, reasoning, features } = answer as Readonly<Record<string, unknown>>;
  if (typeof then === 'function') return 'gave a promise instead of a vote';
  if (!isShare(score)) return 'score is not a number from 0 to 1';
  if (!isShare(confidence)) return 'confidence is not a number from 0 to 1';
  if (typeof reasoning !== 'string') return 'reasoning is not text';
  const figures = copyFeatures(features);
  if (typeof figures === 'string') return figures;
  // Half of a surrogate pair, at the cut or elsewhere, would not survive storage as UTF-8.
  const stored = reasoning.slice(0, LONGEST_REASONING).toWellFormed();
  return { score, confidence, reasoning: stored, features: figures };
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function copyFeatures(features: unknown): Record<string, number> | string {
  if (!isPlainRecord(features)) return 'features are not a plain record';
  const entries = Object.entries({ ...features });
  if (entries.length > MOST_FEATURES) return `has more than ${MOST_FEATURES} features`;
  for (const [name, value] of entries) {
    if (name.length > LONGEST_FEATURE_NAME) {
      return `a feature's name is longer than ${LONGEST_FEATURE_NAME} characters`;
    }
    if (!Number.isFinite(value)) return `feature ${name} is not a finite number`;
  }
  return Object.fromEntries(entries) as Record<string, number>;
}

/** Arrays, maps, dates and other class instances have no entries that could be stored by name. */
function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
