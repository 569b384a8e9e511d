import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CliError } from '../cli-error.ts';

/** A file that is there when it is complete, and not before. */
export interface OutputFile {
  /** Where to write meanwhile: beside the file, so that it can take its place in one step. */
  readonly temporaryPath: string;
  /** Puts the file in its place. */
  finish(): void;
  /** Leaves nothing behind; harmless after `finish`. */
  discard(): void;
}

/**
 * Begins a file that takes its place when it is finished.
 *
 * @param isForced replaces a file that is there
 * @throws {CliError} where one is there, or its folder can't be written to
 */
export function beginOutputFile(path: string, isForced: boolean): OutputFile {
  refuseExisting(path, isForced);
  const temporaryPath = join(dirname(path), `.${basename(path)}.${process.pid}.unfinished`);
  try {
    closeSync(openSync(temporaryPath, 'wx'));
  } catch (cause) {
    throw new CliError(`cannot write ${path}: ${(cause as Error).message}`, 1, { cause });
  }
  return {
    temporaryPath,
    finish: () => {
      refuseExisting(path, isForced);
      flush(temporaryPath);
      renameSync(temporaryPath, path);
    },
    discard: () => rmSync(temporaryPath, { force: true }),
  };
}

function refuseExisting(path: string, isForced: boolean): void {
  if (!isForced && existsSync(path)) throw new CliError(`${path} is there already; --force replaces it`);
}

/** A name that leads to what is still in memory would survive a power cut alone. */
function flush(path: string): void {
  const descriptor = openSync(path, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
