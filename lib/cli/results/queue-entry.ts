/** A message in the rejected or the dead-letter queue, as commands show it. */
export interface QueueEntry {
  readonly id: string;
  /** When it was first sent to the original queue, epoch milliseconds. */
  readonly sentAtMs: number;
  readonly body: string;
  /** Set if the function gave up on the message. */
  readonly death?: {
    readonly reason: string;
    readonly attempts: number;
    readonly sourceMessageId: string;
  };
  /** Set if the service rejected it. */
  readonly rejection?: {
    readonly reason: string;
    readonly sourceMessageId: string;
    readonly index: number;
    readonly scope: string;
    /** Number of invalid records in the text. */
    readonly count: number;
    readonly part: number;
    readonly parts: number;
  };
}

/** Result of sending entries back to the work queue. */
export interface RedriveResult {
  /** Texts now on the work queue again. */
  readonly redriven: number;
  /** Entries examined and kept: not selected, or parts of an incomplete text. */
  readonly kept: number;
  /** Texts that the work queue will never accept; they are kept. */
  readonly refused: number;
}
