import { ReportedError } from '../errors/reported-error.ts';
import { FileError } from '../files/file-error.ts';
import { InputError, WrongDataError } from './input-error.ts';
import type { LogEntry } from './log-entry.ts';

/** An input could be read to some point only: packed data is damaged or cut short, or a device failed. */
export class InputDamagedError extends ReportedError {
  override readonly name = 'InputDamagedError';
  readonly code = 'INPUT_DAMAGED';
}

/** The entries of a log up to where it can't be read any more: what was read is not lost over what was not. */
export class ReadableEntries implements AsyncIterable<readonly LogEntry[]> {
  readonly #entries: AsyncIterable<readonly LogEntry[]>;
  #damage: InputDamagedError | undefined;

  constructor(entries: AsyncIterable<readonly LogEntry[]>) {
    this.#entries = entries;
  }

  /** Why the entries ended early; known once they have ended. */
  get damage(): InputDamagedError | undefined {
    return this.#damage;
  }

  /** Whether what was read last may be nonsense; known once the entries have ended. */
  get isDoubtful(): boolean {
    return this.#damage?.cause instanceof WrongDataError;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly LogEntry[]> {
    try {
      yield* this.#entries;
    } catch (cause) {
      if (!(cause instanceof InputError || cause instanceof FileError)) throw cause;
      this.#damage = new InputDamagedError(cause.message, { cause });
    }
  }
}
