import type { Exchange } from './exchange.ts';
import { measureRegularity } from './regularity.ts';

/** Regular calls to a remote address. */
export interface Calls {
  /** Median time between them, seconds. */
  readonly intervalSeconds: number;
  /** Median deviation from the interval, as a share of it. */
  readonly jitter: number;
  /**
   * Median deviation of the bytes sent from their median, as a share of it, over the calls that were answered; 1 if
   * these are few or the sensor does not count bytes.
   */
  readonly sizeJitter: number;
  /** Whether each is short and returns little, like a poll for commands. */
  readonly isBrief: boolean;
}

/** Fewer calls show no rhythm. */
const FEWEST_CALLS = 8;
/** Connections this close together are one call: a page, or a connection and its retries. */
const SAME_CALL_SECONDS = 2;
/** Above this jitter, intervals have no rhythm. */
const LARGEST_JITTER = 0.35;
const LARGEST_SKEWNESS = 0.6;
/** The distribution of intervals with less jitter has no meaningful shape: its quartiles reflect clock ticks. */
const STEADY_JITTER = 0.05;
const SHORTEST_INTERVAL_SECONDS = 5;

/**
 * Determines whether a remote address is called at regular intervals.
 *
 * @param exchanges outbound ones of one address, in time order
 */
export function findCalls(exchanges: readonly Exchange[]): Calls | undefined {
  const calls = startsOfCalls(exchanges);
  if (calls.length < FEWEST_CALLS) return undefined;
  const intervals = calls.slice(1).map((call, n) => call.at - (calls[n]?.at ?? 0));
  const { median, dispersion, skewness } = measureRegularity(intervals);
  if (median < SHORTEST_INTERVAL_SECONDS || dispersion > LARGEST_JITTER) return undefined;
  if (dispersion > STEADY_JITTER && Math.abs(skewness) > LARGEST_SKEWNESS) return undefined;
  // An unanswered call keeps the rhythm, but says nothing about the bytes sent.
  const heard = calls.filter(({ outcome }) => outcome === 'answered' || outcome === 'unknown');
  if (areKeepAlives(heard, median)) return undefined;
  const sizes = heard.flatMap(({ sent }) => sent ?? []);
  const sizeJitter = sizes.length < FEWEST_CALLS ? 1 : Math.min(1, measureRegularity(sizes).dispersion);
  return { intervalSeconds: median, jitter: dispersion, sizeJitter, isBrief: areBrief(heard) };
}

/**
 * A NAT may forget a UDP flow that is silent for two minutes (RFC 4787, REQ-5), so programs that want to stay reachable over
 * UDP send a few bytes more often than that, usually every 15 to 30 s.
 */
const LONGEST_KEEP_ALIVE_SECONDS = 60;
/** Including the headers that flow logs count. */
const MOST_BYTES_OF_A_KEEP_ALIVE = 128;

function areKeepAlives(calls: readonly Exchange[], intervalSeconds: number): boolean {
  const isSmall = (bytes: number | undefined) => bytes !== undefined && bytes <= MOST_BYTES_OF_A_KEEP_ALIVE;
  return (
    calls.length > 0 &&
    intervalSeconds <= LONGEST_KEEP_ALIVE_SECONDS &&
    calls.every(({ protocol, sent, received }) => protocol === 'udp' && isSmall(sent) && isSmall(received))
  );
}

/** Longer calls are kept open to wait for data, as push services do; larger answers are content. */
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
