import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { withFile } from '../../../files/file-error.ts';
import type { InvalidEntry } from '../../../logs/log-entry.ts';

/** Saves invalid entries, one JSON object a line: position, reason and the original entry. */
export class RejectsFile {
  readonly #path: string;
  readonly #unit: string;
  readonly #descriptor: number;
  /** A device or a pipe can't be truncated or read back. */
  readonly #isOrdinary: boolean;
  #bytes: number;

  /**
   * Creates the file, or continues it.
   *
   * @param keptBytes number of existing bytes to keep; what follows will be written again
   * @throws {FileError} if it can't be written
   */
  constructor(path: string, unit: string, keptBytes: number) {
    this.#path = path;
    this.#unit = unit;
    this.#descriptor = this.#attempt(() => openSync(path, constants.O_RDWR | constants.O_CREAT));
    const stats = this.#attempt(() => fstatSync(this.#descriptor));
    this.#isOrdinary = stats.isFile();
    this.#bytes = Math.min(keptBytes, stats.size);
    if (this.#isOrdinary) this.#attempt(() => ftruncateSync(this.#descriptor, this.#bytes));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Writes entries and flushes them to disk, since a checkpoint relies on them. @throws {FileError} */
  write(entries: readonly InvalidEntry[]): void {
    if (entries.length === 0) return;
    const lines = entries.map(({ position, reason, text }) =>
      JSON.stringify({ [this.#unit]: position, reason, text }),
    );
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    this.#attempt(() => {
      for (let written = 0; written < bytes.length; ) {
        const position = this.#isOrdinary ? this.#bytes + written : null;
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, position);
      }
      if (this.#isOrdinary) fsyncSync(this.#descriptor);
    });
    this.#bytes += bytes.length;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #attempt<Result>(action: () => Result): Result {
    return withFile({ action: 'write', path: this.#path, what: 'the rejects' }, action);
  }
}
