import { isOverWithin } from './is-over-within.ts';

export interface RefreshedValueOptions<Value> {
  /** Used until the first successful fetch. */
  readonly initial: Value;
  /**
   * Fetches the value; throws on failure. The message of the error is reported.
   *
   * @param last the value in use
   */
  readonly fetch: (signal: AbortSignal, last: Value) => Promise<Value>;
  /** How long a value is used before it is fetched again, milliseconds; up to a fifth is added. */
  readonly maxAgeMs: number;
  /** Age above which an invocation waits for the refresh, milliseconds; `maxAgeMs` by default. */
  readonly tooOldMs?: number;
  /** Delay after a failure before the next fetch, milliseconds; `maxAgeMs` by default, and never longer. */
  readonly retryMs?: number;
  /** How long an invocation waits for a value: for the first one, and if there is a good one to fall back on. */
  readonly patience: { readonly firstMs: number; readonly refreshMs: number };
  /** Time limit of one fetch, milliseconds. */
  readonly timeoutMs: number;
  /** Whether a better value will be available soon, so that the next fetch comes as early as after a failure. */
  readonly isProvisional?: (value: Value) => boolean;
  /** Called once for each new problem. */
  readonly onProblem: (problem: string) => void;
  readonly now?: () => number;
  /** A number from 0 up to but not including 1. */
  readonly random?: () => number;
}

/** The value in use; it stays the same object until the value or the problem changes. */
export interface CurrentValue<Value> {
  readonly value: Value;
  /** One line: why there is no newer one; undefined if the last refresh worked, or none was due. */
  readonly problem?: string;
}

interface Refresh {
  /** Never rejects. */
  readonly over: Promise<void>;
  readonly controller: AbortController;
}

/** Keeps execution environments that started together from fetching together forever. */
const JITTER = 0.2;
const NO_ANSWER = 'no answer in time';

/**
 * A value that an execution environment caches and refreshes from time to time. The last good one stays in use while
 * its source fails.
 *
 * ```
 * age    0                    maxAge              tooOld
 *        |-- used as it is --|-- used at once ----|-- waited for, up to a patience; then the
 *                                and refreshed        last good one is used
 * ```
 *
 * Lambda freezes the process between invocations while clocks continue: a pending timeout then fires at the thaw,
 * before the answer is read, and the refresh never succeeds. So every invocation ends with {@link settle}.
 */
export class RefreshedValue<Value> {
  readonly #options: RefreshedValueOptions<Value>;
  readonly #now: () => number;
  #current: CurrentValue<Value>;
  #goodSinceMs = Number.NEGATIVE_INFINITY;
  #refreshAtMs = Number.NEGATIVE_INFINITY;
  #tooOldAtMs = Number.NEGATIVE_INFINITY;
  #refresh: Refresh | undefined;

  constructor(options: RefreshedValueOptions<Value>) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#current = { value: options.initial };
  }

  /** Returns the value to use now. Never throws, and waits no longer than the patience. */
  async current(): Promise<CurrentValue<Value>> {
    if (this.#now() >= this.#refreshAtMs) this.#refresh ??= this.#begin();
    if (this.#refresh !== undefined && this.#now() >= this.#tooOldAtMs) await this.#waitFor(this.#refresh);
    return this.#current;
  }

  /**
   * Ends a pending refresh, since the invocation ends: waits for it, and cancels it if that takes too long, so that the
   * next invocation repeats it. Nothing is pending afterwards.
   *
   * @param deadlineMs end of the time available for waiting, epoch milliseconds
   */
  async settle(deadlineMs: number): Promise<void> {
    const refresh = this.#refresh;
    if (refresh === undefined || (await isOverWithin(refresh.over, deadlineMs - this.#now()))) return;
    refresh.controller.abort(new InvocationEndedError());
    await refresh.over;
  }

  async #waitFor({ over }: Refresh): Promise<void> {
    const { firstMs, refreshMs } = this.#options.patience;
    const patienceMs = this.#goodSinceMs === Number.NEGATIVE_INFINITY ? firstMs : refreshMs;
    if (!(await isOverWithin(over, patienceMs))) this.#note(NO_ANSWER);
  }

  #begin(): Refresh {
    const controller = new AbortController();
    const over = this.#fetch(controller).finally(() => {
      this.#refresh = undefined;
    });
    return { controller, over };
  }

  async #fetch(controller: AbortController): Promise<void> {
    const { fetch, timeoutMs, maxAgeMs, retryMs = maxAgeMs } = this.#options;
    const { signal } = controller;
    const timeout = setTimeout(() => controller.abort(new Error(NO_ANSWER)), timeoutMs);
    try {
      this.#accept(await Promise.race([fetch(signal, this.#current.value), rejectedBy(signal)]));
    } catch (error) {
      // Cancelled: the source is not at fault, and the next invocation fetches again at once.
      if (signal.reason instanceof InvocationEndedError) return;
      this.#refreshAtMs = this.#now() + Math.min(retryMs, maxAgeMs);
      this.#note(textOf(signal.aborted ? signal.reason : error));
    } finally {
      clearTimeout(timeout);
    }
  }

  #accept(value: Value): void {
    const { maxAgeMs, retryMs = maxAgeMs, isProvisional, random = Math.random } = this.#options;
    const nowMs = this.#now();
    const ageMs = maxAgeMs * (1 + JITTER * random());
    this.#current = { value };
    this.#goodSinceMs = nowMs;
    this.#refreshAtMs = nowMs + (isProvisional?.(value) === true ? Math.min(retryMs, maxAgeMs) : ageMs);
    this.#tooOldAtMs = nowMs + (this.#options.tooOldMs ?? ageMs);
  }

  #note(problem: string): void {
    if (problem === this.#current.problem) return;
    this.#current = { value: this.#current.value, problem };
    this.#options.onProblem(problem);
  }
}

/** The invocation ended before the refresh did. */
class InvocationEndedError extends Error {
  override readonly name = 'InvocationEndedError';
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
