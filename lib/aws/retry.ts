import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, toServiceError } from './service-error.ts';

/** Until when to retry, and how to wait; a test passes its own clock. */
export interface Patience {
  /** Epoch milliseconds after which nothing is started. */
  readonly deadlineMs: number;
  /** Time limit of one request, milliseconds; 3 s by default, while a healthy one takes a few milliseconds. */
  readonly requestTimeoutMs?: number;
  /** Whether retrying is useless after a failure, even if it is transient. */
  readonly isHopeless?: (error: ServiceError) => boolean;
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
  readonly random?: () => number;
}

const BASE_DELAY_MS = 25;
const MAX_DELAY_MS = 2_000;
const REQUEST_TIMEOUT_MS = 3_000;

/** The outcome of one attempt: undefined if done, else the remaining work and the reason. */
export type Attempt<Work> = { readonly left: Work; readonly error: ServiceError } | undefined;

/**
 * Repeats attempts until nothing is left, the deadline is near, or an error can't be fixed by retrying. Waits with full
 * jitter between attempts (delay uniform between 0 and a doubling ceiling; see "Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015).
 *
 * @param attempt does what it can and returns the remaining work; if it throws, nothing counts as done
 * @param action for messages: `write to the table`
 * @returns the work that was not done and the reason, or undefined
 */
export async function retry<Work>(
  work: Work,
  attempt: (work: Work, signal: AbortSignal) => Promise<Attempt<Work>>,
  action: string,
  patience: Patience,
): Promise<Attempt<Work>> {
  const { deadlineMs, requestTimeoutMs = REQUEST_TIMEOUT_MS, isHopeless = () => false } = patience;
  const { now = Date.now, wait = sleep, random = Math.random } = patience;
  let left = work;
  let last: Attempt<Work> = { left, error: new ServiceError('timeout', `could not ${action}: no time left`) };
  for (let tries = 0; ; tries++) {
    const timeLeft = Math.ceil(deadlineMs - now());
    if (timeLeft <= 0) return last;
    let outcome: Attempt<Work>;
    try {
      outcome = await attempt(left, AbortSignal.timeout(Math.min(requestTimeoutMs, timeLeft)));
    } catch (cause) {
      outcome = { left, error: toServiceError(cause, action) };
    }
    if (outcome === undefined || !outcome.error.isTransient || isHopeless(outcome.error)) return outcome;
    left = outcome.left;
    last = outcome;
    const delay = random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** tries);
    if (now() + delay >= deadlineMs) return last;
    await wait(delay);
  }
}

/** An element of a batch that was not done, with the reason. */
export interface Undone<Element> {
  readonly element: Element;
  readonly error: ServiceError;
}

/**
 * Processes a batch as {@link retry} does. A batch that is refused is repeated element by element, so that one bad
 * element does not fail the others.
 */
export async function retryBatch<Element>(
  batch: readonly Element[],
  attempt: (batch: readonly Element[], signal: AbortSignal) => Promise<Attempt<readonly Element[]>>,
  action: string,
  patience: Patience,
): Promise<Undone<Element>[]> {
  const outcome = await retry(batch, attempt, action, patience);
  if (outcome === undefined) return [];
  const { left, error } = outcome;
  if (error.code !== 'refused' || left.length === 1) return left.map((element) => ({ element, error }));
  const undone: Undone<Element>[] = [];
  for (const element of left) undone.push(...(await retryBatch([element], attempt, action, patience)));
  return undone;
}
