import { ReportedError } from '../errors/reported-error.ts';
import { FileError } from '../files/file-error.ts';
import { InputError, WrongDataError } from './input-error.ts';
import type { LogEntry } from './log-entry.ts';

/** The input could only be read up to some point: compressed data is damaged or truncated, or a device failed. */
export class InputDamagedError extends ReportedError {
  override readonly name = 'InputDamagedError';
  readonly code = 'INPUT_DAMAGED';
}

/** The entries of a log up to the point where reading fails, so that entries before a failure are not lost. */
export class ReadableEntries implements AsyncIterable<readonly LogEntry[]> {
  readonly #entries: AsyncIterable<readonly LogEntry[]>;
  #damage: InputDamagedError | undefined;

  constructor(entries: AsyncIterable<readonly LogEntry[]>) {
    this.#entries = entries;
  }

  /** Why the entries ended early; set once they have ended. */
  get damage(): InputDamagedError | undefined {
    return this.#damage;
  }

  /** Whether the last entries may be garbage; set once they have ended. */
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
