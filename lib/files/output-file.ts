import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FileError, type FileUse, withFile } from './file-error.ts';
import { claimUnfinished, releaseUnfinished, removeUnfinished } from './unfinished-files.ts';

/** A file that only appears when it is complete. */
export interface OutputFile {
  /** Path while it is being written: in the same folder, so that it can be renamed atomically. */
  readonly temporaryPath: string;
  /** @throws {FileError} */
  write(text: string): void;
  /** Flushes the file to disk and moves it into place. @throws {FileError} */
  finish(): void;
  /** Removes the unfinished file; harmless after `finish`. */
  discard(): void;
}

export interface OutputFileOptions {
  /** What the file is to the user: `the report`. */
  readonly what?: string;
  /** Refuses devices and pipes, which are otherwise written to directly. */
  readonly mustBeOrdinary?: boolean;
}

/**
 * Begins a file that replaces any existing one when it is finished. A symbolic link is kept, and so are the permissions
 * of a replaced file. Unfinished copies from killed processes are removed.
 *
 * @throws {FileError} if it can't be written
 */
export function beginOutputFile(path: string, options: OutputFileOptions = {}): OutputFile {
  const use: FileUse = { action: 'write', path, what: options.what };
  const stats = withFile(use, () => statSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return new ReplacingFile(path, use, undefined);
  if (stats.isDirectory()) throw isFolder(use);
  if (stats.isFile()) {
    // Renaming only requires permission on the folder, so the file's own is checked here.
    withFile(use, () => accessSync(path, constants.W_OK));
    return new ReplacingFile(
      withFile(use, () => realpathSync(path)),
      use,
      stats.mode & 0o777,
    );
  }
  if (options.mustBeOrdinary) throw notOrdinary(use);
  return new DirectFile(use);
}

/** Writes a whole file like {@link beginOutputFile}. @throws {FileError} */
export function replaceFile(path: string, content: string, options: OutputFileOptions = {}): void {
  const file = beginOutputFile(path, options);
  try {
    file.write(content);
    file.finish();
  } finally {
    file.discard();
  }
}

/** Refuses folders, devices and pipes. */
export function requireOrdinaryFile(use: FileUse): void {
  const stats = withFile(use, () => statSync(use.path, { throwIfNoEntry: false }));
  if (stats?.isDirectory()) throw isFolder(use);
  if (stats !== undefined && !stats.isFile()) throw notOrdinary(use);
}

class ReplacingFile implements OutputFile {
  readonly temporaryPath: string;
  readonly #target: string;
  readonly #use: FileUse;
  readonly #descriptor: Descriptor;

  constructor(target: string, use: FileUse, mode: number | undefined) {
    removeUnfinished(target);
    this.#target = target;
    this.#use = use;
    this.temporaryPath = claimUnfinished(target);
    try {
      this.#descriptor = new Descriptor(use, this.temporaryPath, 'wx');
      if (mode !== undefined) this.#descriptor.use((descriptor) => fchmodSync(descriptor, mode));
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  write(text: string): void {
    this.#descriptor.use((descriptor) => writeFileSync(descriptor, text));
  }

  finish(): void {
    // Without this, a power cut could leave the new name with data that was never written.
    this.#descriptor.use(fsyncSync);
    this.#descriptor.close();
    withFile(this.#use, () => renameSync(this.temporaryPath, this.#target));
    releaseUnfinished(this.temporaryPath);
    flushFolder(dirname(this.#target));
  }

  discard(): void {
    this.#descriptor.discard();
    this.#remove();
  }

  #remove(): void {
    releaseUnfinished(this.temporaryPath);
    try {
      rmSync(this.temporaryPath, { force: true });
    } catch {
      // The original failure matters more than a file left behind; the next run removes that.
    }
  }
}

/** A device or a pipe, which is written to directly. */
class DirectFile implements OutputFile {
  readonly temporaryPath: string;
  readonly #descriptor: Descriptor;

  constructor(use: FileUse) {
    this.temporaryPath = use.path;
    this.#descriptor = new Descriptor(use, use.path, 'w');
  }

  write(text: string): void {
    this.#descriptor.use((descriptor) => writeFileSync(descriptor, text));
  }

  finish(): void {
    this.#descriptor.close();
  }

  discard(): void {
    this.#descriptor.discard();
  }
}

/** A file descriptor that is closed exactly once. */
class Descriptor {
  readonly #use: FileUse;
  #number: number | undefined;

  constructor(use: FileUse, path: string, flags: string) {
    this.#use = use;
    this.#number = withFile(use, () => openSync(path, flags));
  }

  use(action: (descriptor: number) => void): void {
    const descriptor = this.#number;
    if (descriptor !== undefined) withFile(this.#use, () => action(descriptor));
  }

  /** Reports errors that the file system only raises on closing. */
  close(): void {
    const descriptor = this.#number;
    this.#number = undefined;
    if (descriptor !== undefined) withFile(this.#use, () => closeSync(descriptor));
  }

  discard(): void {
    try {
      this.close();
    } catch {
      // The file is not wanted any more.
    }
  }
}

/** Makes a new name survive a power cut, if the file system supports it. */
function flushFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The file is complete and in place.
  }
}

function isFolder(use: FileUse): FileError {
  return new FileError(`${beginning(use)}: it is a folder; name a file in it`);
}

function notOrdinary(use: FileUse): FileError {
  return new FileError(`${beginning(use)}: it is a device or a pipe; name an ordinary file`);
}

function beginning({ action, what, path }: FileUse): string {
  return `cannot ${action} ${what === undefined ? path : `${what} ${path}`}`;
}
