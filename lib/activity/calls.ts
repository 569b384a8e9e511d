import type { Exchange } from './exchange.ts';
import { measureRegularity } from './regularity.ts';

/** Regular calls of a remote address. */
export interface Calls {
  /** Median time between them, seconds. */
  readonly intervalSeconds: number;
  /** Median deviation from the interval, as a share of it. */
  readonly jitter: number;
  /**
   * Median deviation of the bytes sent from their median, as a share of it, over the calls that were answered; 1 where these are
   * few or the sensor does not count.
   */
  readonly sizeJitter: number;
  /** Whether each takes a moment and brings little back, as asking for orders does. */
  readonly isBrief: boolean;
}

/** Fewer calls show no rhythm. */
const FEWEST_CALLS = 8;
/** Connections this close together are one call: a page, or a connection and its retries. */
const SAME_CALL_SECONDS = 2;
/** Beyond it, intervals follow no rhythm. */
const LARGEST_JITTER = 0.35;
const LARGEST_SKEWNESS = 0.6;
/** Intervals that differ by less have no shape to speak of: their quartiles are a clock's ticks. */
const STEADY_JITTER = 0.05;
const SHORTEST_INTERVAL_SECONDS = 5;

/**
 * Finds out whether a remote address is called at regular intervals.
 *
 * @param exchanges outbound ones of one address, in the order of time
 */
export function findCalls(exchanges: readonly Exchange[]): Calls | undefined {
  const calls = startsOfCalls(exchanges);
  if (calls.length < FEWEST_CALLS) return undefined;
  const intervals = calls.slice(1).map((call, n) => call.at - (calls[n]?.at ?? 0));
  const { median, dispersion, skewness } = measureRegularity(intervals);
  if (median < SHORTEST_INTERVAL_SECONDS || dispersion > LARGEST_JITTER) return undefined;
  if (dispersion > STEADY_JITTER && Math.abs(skewness) > LARGEST_SKEWNESS) return undefined;
  // A call that nobody answered keeps the rhythm, and says nothing about what is sent.
  const heard = calls.filter(({ outcome }) => outcome === 'answered' || outcome === 'unknown');
  const sizes = heard.flatMap(({ sent }) => sent ?? []);
  const sizeJitter = sizes.length < FEWEST_CALLS ? 1 : Math.min(1, measureRegularity(sizes).dispersion);
  return { intervalSeconds: median, jitter: dispersion, sizeJitter, isBrief: areBrief(heard) };
}

/** Longer ones are kept open for what may come, as push services do; larger answers are content. */
const LONGEST_BRIEF_SECONDS = 15;
const MOST_BRIEF_BYTES = 10_000;

function areBrief(calls: readonly Exchange[]): boolean {
  const medianOf = (values: readonly number[]) =>
    values.length === 0 ? 0 : measureRegularity(values).median;
  return (
    medianOf(calls.flatMap(({ duration }) => duration ?? [])) <= LONGEST_BRIEF_SECONDS &&
    medianOf(calls.flatMap(({ received }) => received ?? [])) <= MOST_BRIEF_BYTES
  );
}

function startsOfCalls(exchanges: readonly Exchange[]): Exchange[] {
  const calls: Exchange[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const exchange of exchanges) {
    if (exchange.at - last > SAME_CALL_SECONDS) calls.push(exchange);
    last = exchange.at;
  }
  return calls;
}
