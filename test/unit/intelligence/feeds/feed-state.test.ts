import { describe, expect, it } from 'vitest';
import {
  type FeedProblem,
  type FeedState,
  isDue,
  isFailing,
} from '../../../../lib/intelligence/feeds/feed-state.ts';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

function failed(
  kind: FeedProblem,
  failures: number,
  hoursAgo: number,
  rest: Partial<FeedState> = {},
): FeedState {
  return { lastTryMs: NOW - hoursAgo * HOUR, failures, problem: { kind, detail: '' }, ...rest };
}

describe('when a feed is due', () => {
  it.each<[string, FeedState | undefined, boolean]>([
    ['never tried', undefined, true],
    ['good an hour ago', { lastTryMs: NOW - HOUR, failures: 0 }, false],
    ['good a day ago', { lastTryMs: NOW - 24 * HOUR, failures: 0 }, true],
    [
      'good a day ago, the schedule being a little early',
      { lastTryMs: NOW - 23.9 * HOUR, failures: 0 },
      true,
    ],
    ['failed half an hour ago', failed('timeout', 1, 0.4), false],
    ['failed an hour ago', failed('timeout', 1, 1), true],
    ['failed for the third time two hours ago', failed('timeout', 3, 2), false],
    ['failed for the third time four hours ago', failed('timeout', 3, 4), true],
    ['failed for the hundredth time a day ago', failed('timeout', 100, 24), true],
    ['to be left alone', failed('limited', 1, 5, { retryAtMs: NOW + 1 }), false],
    ['without a key a minute ago', failed('key-missing', 9, 0.01), true],
    ['left alone long enough', failed('limited', 1, 5, { retryAtMs: NOW }), true],
  ])('%s: %#', (_, state, due) => {
    expect(isDue({ everyHours: 24 }, state, NOW)).toBe(due);
  });
});

describe('when somebody should look at a feed', () => {
  it.each<[string, FeedState, boolean]>([
    ['good', { lastTryMs: NOW, failures: 0 }, false],
    ['timed out once', failed('timeout', 1, 0), false],
    ['timed out twice', failed('timeout', 2, 0), true],
    ['a web page once', failed('web-page', 1, 0), true],
    ['a tenth of the lines once', failed('shrunk', 1, 0), true],
    ['no key', failed('key-missing', 9, 0), false],
    ['switched off long ago', failed('web-page', 9, 24 * 41), false],
  ])('%s', (_, state, failing) => {
    expect(isFailing(state, NOW)).toBe(failing);
  });
});
