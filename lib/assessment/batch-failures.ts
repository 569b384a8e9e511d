import { oneLine } from './one-line.ts';

/**
 * Owns what went wrong in a batch: the messages that failed, with why, and defects of the code that cost no message.
 * Every stage reports here, so that there is one place to ask.
 */
export class BatchFailures {
  readonly #reasons = new Map<string, string>();
  readonly #defects = new Map<string, number>();

  /** Why each failed message is to be delivered again, by message id. */
  get messages(): ReadonlyMap<string, string> {
    return this.#reasons;
  }

  /** How often each defect showed: `stage: reason`. */
  get defects(): ReadonlyMap<string, number> {
    return this.#defects;
  }

  hasFailed(messageId: string): boolean {
    return this.#reasons.has(messageId);
  }

  fail(messageIds: Iterable<string>, reason: string): void {
    for (const messageId of messageIds) this.#reasons.set(messageId, reason);
  }

  /** Notes something that should not happen and that the batch goes on without. */
  noteDefect(stage: string, error: unknown): void {
    const defect = `${stage}: ${oneLine(error)}`;
    this.#defects.set(defect, (this.#defects.get(defect) ?? 0) + 1);
  }

  /**
   * Does work that a message can't do without. What is thrown is a defect and not bad input: the message fails and ends
   * in the dead-letter queue, its neighbours go on.
   */
  attempt<Result>(stage: string, messageIds: readonly string[], work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.noteDefect(stage, error);
      this.fail(messageIds, `${stage}: ${oneLine(error)}`);
      return undefined;
    }
  }

  /** Does work that a batch can do without, such as looking addresses up; what is thrown is noted and fails nothing. */
  spare<Result>(stage: string, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.noteDefect(stage, error);
      return undefined;
    }
  }

  /** Does for a promise what `spare` does for a value. */
  async spareAsync<Result>(stage: string, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      this.noteDefect(stage, error);
      return undefined;
    }
  }
}
