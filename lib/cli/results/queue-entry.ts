/** A message in the rejected or the dead-letter queue, as the commands show it. */
export interface QueueEntry {
  readonly id: string;
  /** When it came to the queue that it came from, epoch milliseconds. */
  readonly sentAtMs: number;
  readonly body: string;
  /** Set where the function gave the message up. */
  readonly death?: {
    readonly reason: string;
    readonly attempts: number;
    readonly sourceMessageId: string;
  };
  /** Set where the service rejected it. */
  readonly rejection?: {
    readonly reason: string;
    readonly sourceMessageId: string;
    readonly index: number;
    readonly scope: string;
    /** Invalid records that the text holds. */
    readonly count: number;
    readonly part: number;
    readonly parts: number;
  };
}

/** What sending entries back to the work queue came to. */
export interface RedriveResult {
  /** Texts that are on the work queue again. */
  readonly redriven: number;
  /** Entries that were looked at and stay: not wanted, or parts of a text of which not all were found. */
  readonly kept: number;
  /** Texts that the work queue will never take; they stay. */
  readonly refused: number;
}
