import type { ServiceError } from '../aws/service-error.ts';
import { oneLine } from './one-line.ts';

/**
 * Owns what went wrong in a batch: the messages that failed, with why, and defects of the code that cost no message.
 * Every stage reports here, so that there is one place to ask.
 */
export class BatchFailures {
  readonly #reasons = new Map<string, string>();
  /** Messages that are themselves the reason why they failed. */
  readonly #ownFault = new Set<string>();
  readonly #givenUp = new Map<string, string>();
  readonly #defects = new Map<string, number>();

  /** Why each failed message is to be delivered again, by message id. */
  get messages(): ReadonlyMap<string, string> {
    return this.#reasons;
  }

  /** Why each message failed for the last time that is in the dead-letter queue now, by message id. */
  get givenUp(): ReadonlyMap<string, string> {
    return this.#givenUp;
  }

  /** How often each defect showed: `stage: reason`. */
  get defects(): ReadonlyMap<string, number> {
    return this.#defects;
  }

  /** Whether a message is not stored, to be delivered again or not. */
  hasFailed(messageId: string): boolean {
    return this.#reasons.has(messageId) || this.#givenUp.has(messageId);
  }

  /** @returns why a message failed if it is itself the reason, so that it would fail at every delivery */
  ownFaultOf(messageId: string): string | undefined {
    return this.#ownFault.has(messageId) ? this.#reasons.get(messageId) : undefined;
  }

  /** Has messages delivered again, for a reason that lies outside of them. */
  fail(messageIds: Iterable<string>, reason: string): void {
    for (const messageId of messageIds) this.#reasons.set(messageId, reason);
  }

  /** Has messages delivered again that a service did not take: what it refuses, it will refuse again. */
  failFor(messageIds: Iterable<string>, { code, message }: ServiceError): void {
    if (code === 'refused') this.#failByOwnFault(messageIds, message);
    else this.fail(messageIds, message);
  }

  /** A message is in the dead-letter queue and need not come again. */
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

  /** Notes something that should not happen and that the batch goes on without. */
  noteDefect(stage: string, error: unknown): void {
    const defect = `${stage}: ${oneLine(error)}`;
    this.#defects.set(defect, (this.#defects.get(defect) ?? 0) + 1);
  }

  /**
   * Does work that a message can't do without. What is thrown is a defect and not bad input: the message fails and ends
   * in the dead-letter queue if it keeps failing, its neighbours go on.
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
