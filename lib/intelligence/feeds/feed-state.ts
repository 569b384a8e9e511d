import type { LeftOutKind } from '../lists/reading/list-entry.ts';
import type { Feed } from './feed.ts';
import type { FetchProblem, Validators } from './fetch-outcome.ts';
import type { ContentProblem } from './judge-feed.ts';

/** Why a refresh failed, as a short code. */
export type FeedProblem = FetchProblem | ContentProblem | 'key-missing' | 'interrupted';

/** State of a feed, kept between tries. */
export interface FeedState {
  /** Epoch milliseconds. */
  readonly lastTryMs: number;
  /** Failures in a row; 0 after a good try. */
  readonly failures: number;
  /** Of the last try, if it failed. */
  readonly problem?: { readonly kind: FeedProblem; readonly detail: string };
  /** Until when the publisher asks for no requests. */
  readonly retryAtMs?: number;
  /** The last good try; absent if there was none. */
  readonly good?: GoodTry;
}

export interface GoodTry {
  readonly atMs: number;
  readonly validators: Validators;
  /** Entries that could be read, and those left out, by reason. */
  readonly entries: number;
  readonly dropped: Readonly<Partial<Record<LeftOutKind, number>>>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A scheduled run that starts slightly early must not wait for the next one. */
const SLACK_MS = HOUR_MS / 2;

/**
 * Whether it is time to fetch a list: when the last good one has reached its age, and after failures within one hour,
 * two, four and so on, never later than usual and never before the publisher allows it.
 */
export function isDue(
  { everyHours }: Pick<Feed, 'everyHours'>,
  state: FeedState | undefined,
  nowMs: number,
): boolean {
  if (state === undefined) return true;
  if (state.retryAtMs !== undefined && nowMs < state.retryAtMs) return false;
  // Checking for a key sends no request.
  if (state.problem?.kind === 'key-missing') return true;
  const waitHours = state.failures === 0 ? everyHours : Math.min(everyHours, 2 ** (state.failures - 1));
  return nowMs >= state.lastTryMs + waitHours * HOUR_MS - SLACK_MS;
}

/** Problems that usually resolve themselves. */
const PASSING: ReadonlySet<FeedProblem> = new Set<FeedProblem>([
  'unreachable',
  'timeout',
  'limited',
  'server-error',
  'truncated',
  'interrupted',
]);
/** A feed that was not tried for this long is no longer scheduled. */
const FORGOTTEN_MS = 40 * DAY_MS;

/**
 * Whether a human should look at a feed: its failure is not transient, or it has failed twice in a row. A missing key
 * is a choice, not a failure.
 */
export function isFailing({ problem, failures, lastTryMs }: FeedState, nowMs: number): boolean {
  if (problem === undefined || problem.kind === 'key-missing' || nowMs - lastTryMs > FORGOTTEN_MS)
    return false;
  return failures >= 2 || !PASSING.has(problem.kind);
}
