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

/** A file that is there when it is complete, and not before. */
export interface OutputFile {
  /** Where it is written meanwhile: beside the file, so that it can take its place in one step. */
  readonly temporaryPath: string;
  /** @throws {FileError} */
  write(text: string): void;
  /** Puts the file in its place, on the disk. @throws {FileError} */
  finish(): void;
  /** Leaves nothing behind; harmless after `finish`. */
  discard(): void;
}

export interface OutputFileOptions {
  /** What the file is to the user: `the report`. */
  readonly what?: string;
  /** Refuses devices and pipes, which are otherwise written to directly. */
  readonly mustBeOrdinary?: boolean;
}

/**
 * Begins a file that replaces one of its name when it is finished. A symbolic link stays, and so do the permissions of
 * a file that is replaced. What earlier, killed processes left of the same file is removed.
 *
 * @throws {FileError} if it can't be written
 */
export function beginOutputFile(path: string, options: OutputFileOptions = {}): OutputFile {
  const use: FileUse = { action: 'write', path, what: options.what };
  const stats = withFile(use, () => statSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return new ReplacingFile(path, use, undefined);
  if (stats.isDirectory()) throw isFolder(use);
  if (stats.isFile()) {
    // Renaming asks for the folder's permission alone.
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

/** Writes a whole file as {@link beginOutputFile} does. @throws {FileError} */
export function replaceFile(path: string, content: string, options: OutputFileOptions = {}): void {
  const file = beginOutputFile(path, options);
  try {
    file.write(content);
    file.finish();
  } finally {
    file.discard();
  }
}

/** Refuses what is a folder, a device or a pipe. */
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
    // A name that leads to what is still in memory would survive a power cut alone.
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
      // Why the file isn't there matters more than that something is left; the next run removes it.
    }
  }
}

/** A device or a pipe, which has no unfinished state. */
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

/** An open file that is closed once. */
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

  /** Reports what the file system noticed late. */
  close(): void {
    const descriptor = this.#number;
    this.#number = undefined;
    if (descriptor !== undefined) withFile(this.#use, () => closeSync(descriptor));
  }

  discard(): void {
    try {
      this.close();
    } catch {
      // It is not wanted any more.
    }
  }
}

/** Makes a new name outlive a power cut, where the file system can. */
function flushFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The file is complete and in its place.
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
