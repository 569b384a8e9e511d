import type { LeftOutKind } from '../lists/reading/list-entry.ts';
import type { Feed } from './feed.ts';
import type { FetchProblem, Validators } from './fetch-feed.ts';
import type { ContentProblem } from './judge-feed.ts';

/** Why a refresh came to nothing, in a word. */
export type FeedProblem = FetchProblem | ContentProblem | 'key-missing' | 'interrupted';

/** What is remembered of a feed from one try to the next. */
export interface FeedState {
  /** Epoch milliseconds. */
  readonly lastTryMs: number;
  /** Failures in a row; 0 after a good try. */
  readonly failures: number;
  /** Of the last try, where it failed. */
  readonly problem?: { readonly kind: FeedProblem; readonly detail: string };
  /** Until when the publisher wants to be left alone. */
  readonly retryAtMs?: number;
  /** The rest is of the last good try; absent if there was none. */
  readonly good?: GoodTry;
}

export interface GoodTry {
  readonly atMs: number;
  readonly validators: Validators;
  /** Entries that could be read, and those that were not taken, by why. */
  readonly entries: number;
  readonly dropped: Readonly<Partial<Record<LeftOutKind, number>>>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A schedule that comes a little early must not wait for its next turn. */
const SLACK_MS = HOUR_MS / 2;

/**
 * Whether it is time to ask for a list: when the last good one has its age, and after a failure within one hour, two,
 * four and so on, never later than usual and never before the publisher wants it.
 */
export function isDue(
  { everyHours }: Pick<Feed, 'everyHours'>,
  state: FeedState | undefined,
  nowMs: number,
): boolean {
  if (state === undefined) return true;
  if (state.retryAtMs !== undefined && nowMs < state.retryAtMs) return false;
  // Nobody is asked to see that there still is no key.
  if (state.problem?.kind === 'key-missing') return true;
  const waitHours = state.failures === 0 ? everyHours : Math.min(everyHours, 2 ** (state.failures - 1));
  return nowMs >= state.lastTryMs + waitHours * HOUR_MS - SLACK_MS;
}

/** What passes by itself more often than not. */
const PASSING: ReadonlySet<FeedProblem> = new Set<FeedProblem>([
  'unreachable',
  'timeout',
  'limited',
  'server-error',
  'truncated',
  'interrupted',
]);
/** A feed that nobody has tried for so long is on no schedule any more. */
const FORGOTTEN_MS = 40 * DAY_MS;

/**
 * Whether somebody should look at a feed: it fails in a way that lasts, or has failed twice in a row. A missing key is a
 * choice, and no failure.
 */
export function isFailing({ problem, failures, lastTryMs }: FeedState, nowMs: number): boolean {
  if (problem === undefined || problem.kind === 'key-missing' || nowMs - lastTryMs > FORGOTTEN_MS)
    return false;
  return failures >= 2 || !PASSING.has(problem.kind);
}
