import { isOverWithin } from './is-over-within.ts';

export interface RefreshedValueOptions<Value> {
  /** Used until there is a good value. */
  readonly initial: Value;
  /**
   * Gets the value; throws where it cannot. What it throws is reported by its message.
   *
   * @param last the value in use
   */
  readonly fetch: (signal: AbortSignal, last: Value) => Promise<Value>;
  /** How long a value is used before it is fetched again; up to a fifth is added, milliseconds. */
  readonly maxAgeMs: number;
  /** From this age on an invocation waits for the refresh; that of the refresh by default, milliseconds. */
  readonly tooOldMs?: number;
  /** How soon after a failure it is fetched again; `maxAgeMs` by default, and never later, milliseconds. */
  readonly retryMs?: number;
  /** How long an invocation waits for a value: for the first one, and where there is a good one to go on with. */
  readonly patience: { readonly firstMs: number; readonly refreshMs: number };
  /** The longest that one fetch may take, milliseconds. */
  readonly timeoutMs: number;
  /** Whether a better value will soon be there, so that this one counts as a failure for when to fetch again. */
  readonly isProvisional?: (value: Value) => boolean;
  /** Gets each new problem once. */
  readonly onProblem: (problem: string) => void;
  readonly now?: () => number;
  /** A number from 0 up to but not including 1. */
  readonly random?: () => number;
}

/** The value in use; it stays the same object until value or problem are others. */
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

/** Execution environments that started together must not fetch together forever. */
const JITTER = 0.2;
const NO_ANSWER = 'no answer in time';

/**
 * A value that an execution environment keeps and fetches again from time to time. The last good one stays in use for as
 * long as its source fails.
 *
 * ```
 * age    0                    maxAge              tooOld
 *        |-- used as it is --|-- used at once ----|-- waited for, up to a patience; then the
 *                                and refreshed        last good one is used
 * ```
 *
 * Lambda freezes the process between invocations while clocks go on: a timeout that is pending then fires at the thaw,
 * before the answer is read, and the refresh never ends well. So every invocation ends with {@link settle}.
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

  /** Gives the value to be used now. Never throws, and waits no longer than the patience. */
  async current(): Promise<CurrentValue<Value>> {
    if (this.#now() >= this.#refreshAtMs) this.#refresh ??= this.#begin();
    if (this.#refresh !== undefined && this.#now() >= this.#tooOldAtMs) await this.#waitFor(this.#refresh);
    return this.#current;
  }

  /**
   * Ends what is under way, since the invocation ends: waits for it, and where that takes too long calls it off, to be
   * repeated by the next invocation. Nothing is pending afterwards.
   *
   * @param deadlineMs until when there is time to wait, epoch milliseconds
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
      // Called off: the source is not to blame, and the next invocation asks again at once.
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

/** The invocation is over before the refresh is. */
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
