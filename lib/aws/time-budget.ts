/** Reserved for answering the service after the last write, milliseconds. */
const ANSWER_MS = 500;
/** Reserved for the summaries, which are written after the findings. */
const SUMMARIES_MS = 1_000;
/** Reserved for the findings, which are written after the items. */
const FINDINGS_MS = 1_000;
/** Reserved for the items, which are written after the look-ups. */
const ITEMS_MS = 1_000;
/** Longest that verdicts wait for the table's data about their addresses: usually a few milliseconds. */
const TABLE_READ_MS = 500;
/** Time for the table before and after a call to a provider: quota and claim, then the answer. */
const CALL_OVERHEAD_MS = 1_000;
/** Longest that deleting messages may delay those still to be processed. */
const DELETIONS_MS = 2_000;
/** Longest that finding what earlier deliveries stored may take: usually some milliseconds. */
const STORED_READ_MS = 3_000;
/** Longest that counting attempts may take for one message. */
const ATTEMPTS_MS = 2_000;
/** Longest that invoking the sender of announcements may take: it soon runs on its schedule. */
const WAKE_MS = 1_000;
/**
 * Share of an invocation's time after which no suspect is started: it must not run out of time because of other
 * messages.
 */
const SUSPECTS_SHARE = 2 / 3;

/**
 * How long an invocation waits at its start for data it can do without, milliseconds. It waits for all of it at the
 * same time, so only the longest counts.
 */
export const PATIENCE_MS = {
  /** Without settings an invocation uses wrong ones until they are read again, which is worse than being late once. */
  firstSettings: 1_000,
  /** If older settings are available, a longer wait would cost assessments their promised latency. */
  settings: 250,
  /** For keys and lists. */
  sources: 500,
} as const;

/**
 * Divides the time of an invocation. Every stage ends where the next one must begin, counted back from the time limit:
 *
 * ```
 * start                                                                limit
 * |-------- look-ups --------|-- items --|-- findings --|-- summaries --|-- answer --|
 *                          -3.5 s      -2.5 s         -1.5 s          -0.5 s
 * ```
 *
 * Within the look-ups, each step also has an end counted from its own beginning:
 *
 * ```
 * settings, keys, lists | table                | providers, while the first verdicts are stored
 * <= 1 s, else 0.5 s    | <= 0.5 s             | <= one call + 1 s
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
   * @param limitMs when Lambda ends it
   */
  constructor(startedAtMs: number, limitMs: number, now: () => number = Date.now) {
    this.startedAtMs = startedAtMs;
    this.#limitMs = limitMs;
    this.now = now;
  }

  /** When everything must be done. */
  get endMs(): number {
    return this.#limitMs - ANSWER_MS;
  }

  /** When items and rejections must be written; nothing new is started after it. */
  get itemsEndMs(): number {
    return this.findingsEndMs - FINDINGS_MS;
  }

  /** When findings and announcements must be written. */
  get findingsEndMs(): number {
    return this.endMs - SUMMARIES_MS;
  }

  /** When the last look-up must be over. */
  get lookUpsEndMs(): number {
    return this.itemsEndMs - ITEMS_MS;
  }

  /** When a table read that starts now, and that verdicts wait for, must be over. */
  get tableReadEndMs(): number {
    return Math.min(this.now() + TABLE_READ_MS, this.lookUpsEndMs);
  }

  /**
   * When provider calls that start now must be over, including late answers.
   *
   * @param callTimeoutMs time limit of one call
   */
  callsEndMs(callTimeoutMs: number): number {
    return Math.min(this.now() + callTimeoutMs + CALL_OVERHEAD_MS, this.lookUpsEndMs);
  }

  /** How many milliseconds verdicts still wait, given the limit from the invocation's start. */
  waitLeftMs(waitMs: number): number {
    return Math.max(0, this.startedAtMs + waitMs - this.now());
  }

  /** When deletions that start now must be over. */
  get deletionsEndMs(): number {
    return Math.min(this.now() + DELETIONS_MS, this.itemsEndMs);
  }

  /** Milliseconds since the invocation began. */
  get elapsedMs(): number {
    return this.now() - this.startedAtMs;
  }

  /** Whether there is time to start another message. */
  get hasTimeLeft(): boolean {
    return this.now() < this.itemsEndMs;
  }

  /** Whether there is time to start a message that may be given up if it does not end in time. */
  get hasTimeForSuspect(): boolean {
    return (
      this.now() < this.startedAtMs + SUSPECTS_SHARE * (this.#limitMs - this.startedAtMs) && this.hasTimeLeft
    );
  }

  /** When it must be known what earlier deliveries stored, so that there is time for the rest. */
  get storedReadEndMs(): number {
    return Math.min(this.now() + STORED_READ_MS, this.itemsEndMs);
  }

  /** When the attempt to invoke the sender of announcements ends. */
  get wakeEndMs(): number {
    return Math.min(this.now() + WAKE_MS, this.endMs);
  }

  /** When a delivery's report about itself must be stored: soon, since only its message waits for it. */
  get attemptsEndMs(): number {
    return Math.min(this.now() + ATTEMPTS_MS, this.endMs);
  }
}
