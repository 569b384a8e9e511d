import { pick, seededRandom } from '../random.ts';

/**
 * How the event source mapping turns a stream of messages into batches.
 *
 * AWS says (Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings" and "Batching
 * behavior") that Lambda long-polls, begins with five batches at a time, keeps to five where a maximum concurrency is set
 * and traffic is low, adds up to 300 a minute while messages are left, and closes a batch when it is full, when it has
 * 6 MB, or when the window has passed; the next one of a poller begins when its invocation has ended. How its pollers share
 * the messages it does not say. Assumed here: each has one receive under way at a time, which takes 10 ms and gives what
 * is there, ten messages at most; of those that wait, any may get the next ones.
 */
export interface EventSource {
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Bound of batches at a time. */
  readonly maximumConcurrency: number;
}

/** Messages as they are sent. */
export interface Stream {
  readonly messages: number;
  /** Messages per second; infinite for a backlog. */
  readonly perSecond: number;
  /** Messages that one request sends, which arrive together. */
  readonly perRequest: number;
  /** Of one message with what Lambda adds to it. */
  readonly messageBytes: number;
}

export interface SimulatedBatch {
  /** The messages by their place in the stream, each with when it was sent, ms since the stream began. */
  readonly messages: readonly { readonly place: number; readonly sentAtMs: number }[];
  readonly invokedAtMs: number;
  readonly receives: number;
}

const FIRST_POLLERS = 5;
/** 300 a minute. */
const POLLER_ADDED_EVERY_MS = 200;
const RECEIVE_MS = 10;
const MESSAGES_PER_RECEIVE = 10;
const EVENT_BYTES = 6 * 1024 * 1024;
/** An invocation, and what each message adds to it; about what `handler` measures. */
const INVOCATION_MS = 30;
const MESSAGE_MS = 0.06;

interface Poller {
  readyAtMs: number;
  closesAtMs: number;
  receives: number;
  messages: { place: number; sentAtMs: number }[];
}

/** Simulates the mapping until every message is in a batch. The same options give the same batches. */
export function simulateBatches(stream: Stream, source: EventSource, seed = 1): SimulatedBatch[] {
  const random = seededRandom(seed);
  const sentAtMs = arrivals(stream, seed);
  const most = Math.max(1, Math.min(source.batchSize, Math.floor(EVENT_BYTES / stream.messageBytes)));
  const pollers = Array.from({ length: Math.min(FIRST_POLLERS, source.maximumConcurrency) }, () =>
    newPoller(0),
  );
  const batches: SimulatedBatch[] = [];
  let next = 0;
  let addedAtMs = 0;
  while (next < sentAtMs.length || pollers.some(({ messages }) => messages.length > 0)) {
    const now = Math.min(...pollers.map(({ readyAtMs }) => readyAtMs));
    const poller = pick(
      pollers.filter(({ readyAtMs }) => readyAtMs === now),
      random,
    );
    const isLeft =
      (sentAtMs[next + MESSAGES_PER_RECEIVE * pollers.length] ?? Number.POSITIVE_INFINITY) <= now;
    if (isLeft && pollers.length < source.maximumConcurrency && now - addedAtMs >= POLLER_ADDED_EVERY_MS) {
      pollers.push(newPoller(now));
      addedAtMs = now;
    }
    if (poller.messages.length === most || (poller.messages.length > 0 && now >= poller.closesAtMs)) {
      const { messages, receives } = poller;
      batches.push({ messages, receives, invokedAtMs: now });
      Object.assign(poller, newPoller(now + INVOCATION_MS + MESSAGE_MS * messages.length));
      continue;
    }
    const arrival = sentAtMs[next] ?? Number.POSITIVE_INFINITY;
    if (arrival > now) {
      // The receive that is under way ends with the window, or with the next message.
      const closesAtMs = poller.messages.length > 0 ? poller.closesAtMs : Number.POSITIVE_INFINITY;
      if (closesAtMs <= arrival) poller.receives++;
      poller.readyAtMs = Math.min(arrival, closesAtMs);
      continue;
    }
    if (poller.messages.length === 0) poller.closesAtMs = now + source.windowSeconds * 1000;
    const room = Math.min(MESSAGES_PER_RECEIVE, most - poller.messages.length);
    for (let taken = 0; taken < room && (sentAtMs[next] ?? Number.POSITIVE_INFINITY) <= now; taken++) {
      poller.messages.push({ place: next, sentAtMs: sentAtMs[next] ?? now });
      next++;
    }
    poller.receives++;
    poller.readyAtMs = now + RECEIVE_MS;
  }
  return batches;
}

function newPoller(readyAtMs: number): Poller {
  return { readyAtMs, closesAtMs: 0, receives: 0, messages: [] };
}

/** Requests come at random, each on its own: intervals are exponential. */
function arrivals({ messages, perSecond, perRequest }: Stream, seed: number): number[] {
  const random = seededRandom(seed + 1);
  const meanMs = (perRequest / perSecond) * 1000;
  let now = 0;
  return Array.from({ length: messages }, (_, place) => {
    if (place % perRequest === 0) now += -Math.log(1 - random()) * meanMs;
    return now;
  });
}

/** Requests to the queue that a million messages take, as charged where each holds less than 64 KB. */
export function queueRequests(batches: readonly SimulatedBatch[], perRequest: number) {
  const messages = batches.reduce((sum, batch) => sum + batch.messages.length, 0);
  const receives = batches.reduce((sum, batch) => sum + batch.receives, 0);
  const deletions = batches.reduce((sum, batch) => sum + Math.ceil(batch.messages.length / 10), 0);
  return { sending: messages / perRequest, receiving: receives, deleting: deletions };
}
