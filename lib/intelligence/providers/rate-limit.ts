/**
 * Wait after exceeding the rate limit if the provider gives none: the shortest quota window of either provider is one
 * minute.
 */
const DEFAULT_WAIT_MS = 60_000;
/** Both providers' longest quota window is a day; a header with a longer wait is wrong. */
const LONGEST_WAIT_MS = 86_400_000;
/** `X-RateLimit-Reset` is an epoch time in seconds; a small number is a wait in seconds. */
const SMALLEST_EPOCH_SECONDS = 1_000_000_000;

/**
 * Until when a provider asks for no requests, epoch milliseconds, by its headers: `Retry-After` (seconds or a date; RFC
 * 9110), else `X-RateLimit-Remaining: 0` with `X-RateLimit-Reset`.
 *
 * @param isLimited the response was 429: without a header it means a minute
 * @returns undefined if it may be asked again at once
 */
export function quietUntilMs(headers: Headers, isLimited: boolean, nowMs: number): number | undefined {
  const until = retryAfterMs(headers, nowMs) ?? resetMs(headers, isLimited, nowMs);
  if (until === undefined) return isLimited ? nowMs + DEFAULT_WAIT_MS : undefined;
  return Math.min(Math.max(until, nowMs), nowMs + LONGEST_WAIT_MS);
}

function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return nowMs + Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
}

function resetMs(headers: Headers, isLimited: boolean, nowMs: number): number | undefined {
  const isSpent = headers.get('x-ratelimit-remaining')?.trim() === '0';
  const reset = headers.get('x-ratelimit-reset')?.trim() ?? '';
  if (!(isSpent || isLimited) || !/^\d{1,12}$/.test(reset)) return undefined;
  const seconds = Number(reset);
  return seconds < SMALLEST_EPOCH_SECONDS ? nowMs + seconds * 1000 : seconds * 1000;
}
