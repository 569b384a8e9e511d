/** Kept back to answer the service after the last write, milliseconds. */
const ANSWER_MS = 500;
/** Kept back from the items for the summaries, which are written after them. */
const SUMMARIES_MS = 2_000;
/** Kept back from the look-ups for the items, which are written after them. */
const ITEMS_MS = 1_000;
/** The longest that deleting messages may hold up those that are still to be worked on. */
const DELETIONS_MS = 2_000;

/**
 * Divides the time of an invocation. Every stage ends where the next one must begin, counted back from the time limit:
 *
 * ```
 * start                                                      limit
 * |-------- look-ups --------|-- items --|-- summaries --|-- answer --|
 *                          -3.5 s      -2.5 s          -0.5 s
 * ```
 *
 * All points in time are epoch milliseconds.
 */
export class TimeBudget {
  readonly startedAtMs: number;
  readonly now: () => number;
  readonly #limitMs: number;

  /**
   * @param startedAtMs when the invocation began
   * @param limitMs when it will be ended
   */
  constructor(startedAtMs: number, limitMs: number, now: () => number = Date.now) {
    this.startedAtMs = startedAtMs;
    this.#limitMs = limitMs;
    this.now = now;
  }

  /** When all must be done. */
  get endMs(): number {
    return this.#limitMs - ANSWER_MS;
  }

  /** When items and rejections must be written; nothing new is begun after it. */
  get itemsEndMs(): number {
    return this.endMs - SUMMARIES_MS;
  }

  /** When the last look-up must be over. */
  get lookUpsEndMs(): number {
    return this.itemsEndMs - ITEMS_MS;
  }

  /** When deletions that begin now must be over. */
  get deletionsEndMs(): number {
    return Math.min(this.now() + DELETIONS_MS, this.itemsEndMs);
  }

  /** Milliseconds since the invocation began. */
  get elapsedMs(): number {
    return this.now() - this.startedAtMs;
  }

  /** Whether there is time to begin with another message. */
  get hasTimeLeft(): boolean {
    return this.now() < this.itemsEndMs;
  }
}
