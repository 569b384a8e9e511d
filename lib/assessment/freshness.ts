import { BACKLOG_AFTER_MS, FRESH_WITHIN_MS } from '../telemetry/freshness.ts';
import { mayBeStored, type QueuedMessage } from './queued-message.ts';

/** How soon messages are stored, for those that show whether the service keeps up. */
export interface Freshness {
  /** Messages that were timed. */
  readonly timed: number;
  /** Those that were stored later after sending than promised. */
  readonly stale: number;
  /** The longest time from sending to stored, milliseconds; absent if none was timed. */
  readonly sentToStoredMs?: number;
  /** The longest time from the invocation's start to stored, milliseconds; absent if nothing was stored. */
  readonly receivedToStoredMs?: number;
}

export const NOTHING_STORED: Freshness = { timed: 0, stale: 0 };

/**
 * Times messages that are now stored. SQS's SentTimestamp is the time at which the queue received a message, and stays
 * the same for all its deliveries. Only first deliveries are timed: a redelivered message is late for a reason that is
 * reported separately, and a message from the dead-letter queue waited for a human. Messages that were part of a
 * backlog when they were received are not timed either.
 *
 * @param receivedAtMs when the invocation began
 */
export function freshnessOf(
  messages: readonly QueuedMessage[],
  receivedAtMs: number,
  storedAtMs: number,
): Freshness {
  if (messages.length === 0) return NOTHING_STORED;
  let timed = 0;
  let stale = 0;
  let longest = 0;
  for (const message of messages) {
    if (mayBeStored(message) || receivedAtMs - message.sentAtMs > BACKLOG_AFTER_MS) continue;
    // The two clocks may differ a little.
    const milliseconds = Math.max(0, storedAtMs - message.sentAtMs);
    timed++;
    if (milliseconds > FRESH_WITHIN_MS) stale++;
    longest = Math.max(longest, milliseconds);
  }
  return {
    timed,
    stale,
    ...(timed > 0 && { sentToStoredMs: longest }),
    receivedToStoredMs: Math.max(0, storedAtMs - receivedAtMs),
  };
}

/** Sums up the parts that an invocation stored one after another. */
export function sumFreshness(parts: readonly Freshness[]): Freshness {
  const largest = (name: 'sentToStoredMs' | 'receivedToStoredMs') => {
    const found = parts.flatMap((part) => part[name] ?? []);
    return found.length === 0 ? undefined : { [name]: Math.max(...found) };
  };
  return {
    timed: parts.reduce((sum, { timed }) => sum + timed, 0),
    stale: parts.reduce((sum, { stale }) => sum + stale, 0),
    ...largest('sentToStoredMs'),
    ...largest('receivedToStoredMs'),
  };
}
