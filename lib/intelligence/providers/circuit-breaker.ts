/** Failures in a row after which a provider is paused. */
const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * Pauses a provider that keeps failing: after five failures in a row for half a minute, then one call may try it; if
 * that fails too, for twice as long, up to five minutes. Each execution environment has its own.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #pauseMs = 0;
  #openUntilMs = 0;
  #isTrying = false;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** No call may be made now. */
  get isOpen(): boolean {
    return this.#pauseMs > 0;
  }

  /** Whether admitted calls that were not made yet must no longer be made. */
  get hasOpened(): boolean {
    return this.isOpen && !this.#isTrying;
  }

  /**
   * How many of the wanted calls may be made. When it is time to try the provider again that is one, which must be
   * followed by `succeeded`, `failed` or `abandoned`.
   */
  admit(wanted: number): number {
    if (this.#pauseMs === 0) return wanted;
    if (this.#isTrying || this.#now() < this.#openUntilMs) return 0;
    this.#isTrying = true;
    return Math.min(1, wanted);
  }

  /** Notes that an admitted call was not made after all. */
  abandoned(): void {
    this.#isTrying = false;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = 0;
    this.#isTrying = false;
  }

  failed(): void {
    const wasTrying = this.#isTrying;
    this.#isTrying = false;
    this.#failures++;
    if (this.#failures < FAILURES_TO_OPEN) return;
    // Calls that were in flight when it opened don't extend the pause.
    if (this.#pauseMs > 0 && !wasTrying) return;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs === 0 ? FIRST_PAUSE_MS : this.#pauseMs * 2);
    this.#openUntilMs = this.#now() + this.#pauseMs;
  }
}
