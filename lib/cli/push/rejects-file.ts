import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { InvalidEntry } from '../../records/formats/log-entry.ts';
import { CliError } from '../cli-error.ts';

/** Keeps invalid entries for later, one JSON object a line: place, reason and the entry as it came. */
export class RejectsFile {
  readonly #path: string;
  readonly #unit: string;
  readonly #descriptor: number;
  #bytes: number;

  /**
   * Begins the file, or goes on with it.
   *
   * @param keptBytes of what is there already, at most; what comes after it will be written again
   * @throws {CliError} where it cannot be written
   */
  constructor(path: string, unit: string, keptBytes: number) {
    this.#path = path;
    this.#unit = unit;
    [this.#descriptor, this.#bytes] = this.#attempt(() => {
      const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT);
      const bytes = Math.min(keptBytes, fstatSync(descriptor).size);
      ftruncateSync(descriptor, bytes);
      return [descriptor, bytes] as const;
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  write(entries: readonly InvalidEntry[]): void {
    if (entries.length === 0) return;
    const lines = entries.map(({ position, reason, text }) =>
      JSON.stringify({ [this.#unit]: position, reason, text }),
    );
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    this.#attempt(() => {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.#bytes + written);
      }
    });
    this.#bytes += bytes.length;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #attempt<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (cause) {
      throw new CliError(`cannot write the rejects ${this.#path}: ${(cause as Error).message}`, 1, { cause });
    }
  }
}
