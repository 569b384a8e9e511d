import type { ServiceError } from '../aws/service-error.ts';
import { oneLine } from './one-line.ts';

/**
 * Owns the failures of a batch: the messages that failed, with the reason, and defects of the code that cost no
 * message. Every stage reports here, so that there is one place to ask.
 */
export class BatchFailures {
  readonly #reasons = new Map<string, string>();
  /** Messages that failed because of their own content. */
  readonly #ownFault = new Set<string>();
  readonly #givenUp = new Map<string, string>();
  readonly #defects = new Map<string, number>();

  /** Why each failed message is to be delivered again, by message id. */
  get messages(): ReadonlyMap<string, string> {
    return this.#reasons;
  }

  /** Why each message that is now in the dead-letter queue last failed, by message id. */
  get givenUp(): ReadonlyMap<string, string> {
    return this.#givenUp;
  }

  /** How often each defect occurred: `stage: reason`. */
  get defects(): ReadonlyMap<string, number> {
    return this.#defects;
  }

  /** Whether a message is not stored, whether or not it is delivered again. */
  hasFailed(messageId: string): boolean {
    return this.#reasons.has(messageId) || this.#givenUp.has(messageId);
  }

  /** @returns why a message failed, if the message itself is the reason, so that it would fail at every delivery */
  ownFaultOf(messageId: string): string | undefined {
    return this.#ownFault.has(messageId) ? this.#reasons.get(messageId) : undefined;
  }

  /** Has messages delivered again, for a reason outside of them. */
  fail(messageIds: Iterable<string>, reason: string): void {
    for (const messageId of messageIds) this.#reasons.set(messageId, reason);
  }

  /** Has messages delivered again that a service did not accept: a request it rejects once, it will reject again. */
  failFor(messageIds: Iterable<string>, { code, message }: ServiceError): void {
    if (code === 'refused') this.#failByOwnFault(messageIds, message);
    else this.fail(messageIds, message);
  }

  /** Notes that a message is in the dead-letter queue and need not be delivered again. */
  giveUp(messageId: string, reason: string): void {
    this.#reasons.delete(messageId);
    this.#givenUp.set(messageId, reason);
  }

  #failByOwnFault(messageIds: Iterable<string>, reason: string): void {
    for (const messageId of messageIds) {
      this.#reasons.set(messageId, reason);
      this.#ownFault.add(messageId);
    }
  }

  /** Notes an unexpected error that the batch continues without. */
  noteDefect(stage: string, error: unknown): void {
    const defect = `${stage}: ${oneLine(error)}`;
    this.#defects.set(defect, (this.#defects.get(defect) ?? 0) + 1);
  }

  /**
   * Runs work that a message can't do without. An exception is a defect, not bad input: the message fails, and ends in
   * the dead-letter queue if it keeps failing. Other messages continue.
   */
  attempt<Result>(stage: string, messageIds: readonly string[], work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.noteDefect(stage, error);
      this.#failByOwnFault(messageIds, `${stage}: ${oneLine(error)}`);
      return undefined;
    }
  }

  /** Runs work that a batch can do without, such as looking addresses up; an exception is noted and fails nothing. */
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
