/** Kept back to answer the service after the last write, milliseconds. */
const ANSWER_MS = 500;
/** Kept back from the findings for the summaries, which are written after them. */
const SUMMARIES_MS = 1_000;
/** Kept back from the items for the findings, which are written after them. */
const FINDINGS_MS = 1_000;
/** Kept back from the look-ups for the items, which are written after them. */
const ITEMS_MS = 1_000;
/** The longest that verdicts wait for what the table has about their addresses: usually a few milliseconds. */
const TABLE_READ_MS = 500;
/** Time for the table before and after a call of a provider: quota and claim, then the answer. */
const CALL_OVERHEAD_MS = 1_000;
/** The longest that deleting messages may hold up those that are still to be worked on. */
const DELETIONS_MS = 2_000;
/** The longest that looking for what earlier deliveries stored may take: usually some milliseconds. */
const STORED_READ_MS = 3_000;
/** The longest that counting attempts may take for one message. */
const ATTEMPTS_MS = 2_000;
/** The longest that waking the sender of announcements may take: it is soon awake by itself. */
const WAKE_MS = 1_000;
/** Share of an invocation's time after which no suspect is begun: it shall not run out of time for others' sake. */
const SUSPECTS_SHARE = 2 / 3;

/**
 * How long an invocation waits at its start for what it needs to know and can go on without, milliseconds. It waits for
 * all of it at once, so that the longest counts.
 */
export const PATIENCE_MS = {
  /** Without settings an invocation is wrong until they are read again, which is worse than late once. */
  firstSettings: 1_000,
  /** With older settings to go on with, waiting longer would cost assessments their promised latency. */
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

  /** When a read of the table that begins now, and that verdicts wait for, must be over. */
  get tableReadEndMs(): number {
    return Math.min(this.now() + TABLE_READ_MS, this.lookUpsEndMs);
  }

  /**
   * Says when calls of providers that begin now must be over, late answers included.
   *
   * @param callTimeoutMs the longest that one call may take
   */
  callsEndMs(callTimeoutMs: number): number {
    return Math.min(this.now() + callTimeoutMs + CALL_OVERHEAD_MS, this.lookUpsEndMs);
  }

  /** Says for how many milliseconds verdicts still wait that may wait so long from the invocation's start. */
  waitLeftMs(waitMs: number): number {
    return Math.max(0, this.startedAtMs + waitMs - this.now());
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

  /** Whether there is time to begin with a message that may be given up if it does not end in time. */
  get hasTimeForSuspect(): boolean {
    return (
      this.now() < this.startedAtMs + SUSPECTS_SHARE * (this.#limitMs - this.startedAtMs) && this.hasTimeLeft
    );
  }

  /** When it must be known what earlier deliveries stored: what follows must have time. */
  get storedReadEndMs(): number {
    return Math.min(this.now() + STORED_READ_MS, this.itemsEndMs);
  }

  /** When the sender of announcements must be awake, or left alone. */
  get wakeEndMs(): number {
    return Math.min(this.now() + WAKE_MS, this.endMs);
  }

  /** When what a delivery reports about itself must be kept: soon, since only its message waits for it. */
  get attemptsEndMs(): number {
    return Math.min(this.now() + ATTEMPTS_MS, this.endMs);
  }
}
