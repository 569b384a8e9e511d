/** At most this many calls in any time span of this length, across all callers. */
export interface QuotaWindow {
  readonly calls: number;
  readonly milliseconds: number;
}

/**
 * The shared state of all executions' calls to one provider. Calls are counted in buckets of time, for each window by
 * its index in the budget; `blockedUntilMs` is what the provider itself asked for, `refusedKeyVersion` the version of
 * the key that it rejected.
 */
export interface QuotaState {
  readonly counts: readonly Readonly<Record<string, number>>[];
  readonly blockedUntilMs?: number;
  readonly refusedKeyVersion?: number;
}

/** The grant, with the state after it; without a grant, when it is worth asking again. */
export type Grant =
  | { readonly calls: number; readonly state: QuotaState }
  | { readonly calls: 0; readonly retryAtMs: number };

/** Buckets per window: a call counts against the budget for up to a twenty-fourth of the window too long. */
const BUCKETS = 24;

/**
 * Takes calls from a budget. Windows slide: wherever a provider's own minutes and days begin, no span of a window's
 * length ever sees more calls than the window allows.
 *
 * ```
 *            |<------ window ------>|<- slack ->|
 *      [ b1 ][ b2 ][ b3 ] ...                now     the first bucket still counts as a whole
 * ```
 *
 * @param slackMs a call granted now reaches the provider up to this much later
 */
export function grantCalls(
  state: QuotaState,
  budget: readonly QuotaWindow[],
  wanted: number,
  slackMs: number,
  nowMs: number,
): Grant {
  if (state.blockedUntilMs !== undefined && state.blockedUntilMs > nowMs) {
    return { calls: 0, retryAtMs: state.blockedUntilMs };
  }
  let calls = wanted;
  let retryAtMs = nowMs;
  const counts: Record<string, number>[] = [];
  for (const [index, window] of budget.entries()) {
    const width = Math.ceil(window.milliseconds / BUCKETS);
    const live = liveBuckets(state.counts[index] ?? {}, width, window.milliseconds + slackMs, nowMs);
    const left = window.calls - live.reduce((sum, [, count]) => sum + count, 0);
    calls = Math.min(calls, left);
    if (left <= 0) {
      const oldest = Math.min(...live.map(([bucket]) => bucket));
      const freeAtMs =
        live.length === 0 ? nowMs + window.milliseconds : endOf(oldest, width, window, slackMs);
      retryAtMs = Math.max(retryAtMs, freeAtMs);
    }
    counts.push(Object.fromEntries(live));
  }
  if (calls <= 0) return { calls: 0, retryAtMs };
  for (const [index, { milliseconds }] of budget.entries()) {
    const bucket = Math.floor(nowMs / Math.ceil(milliseconds / BUCKETS));
    const count = counts[index] as Record<string, number>;
    count[bucket] = (count[bucket] ?? 0) + calls;
  }
  return { calls, state: { ...state, counts } };
}

/** When a bucket no longer counts in a window. */
function endOf(bucket: number, width: number, window: QuotaWindow, slackMs: number): number {
  return (bucket + 1) * width + window.milliseconds + slackMs;
}

function liveBuckets(
  counts: Readonly<Record<string, number>>,
  width: number,
  spanMs: number,
  nowMs: number,
): [number, number][] {
  return Object.entries(counts)
    .map(([bucket, count]): [number, number] => [Number(bucket), count])
    .filter(([bucket]) => (bucket + 1) * width + spanMs > nowMs);
}
