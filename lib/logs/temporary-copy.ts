import { createWriteStream } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type FileUse, fileError, isFileSystemError } from '../files/file-error.ts';

/** A source that can only be read from a file. */
export interface FileSource {
  readonly chunks: AsyncIterable<Buffer>;
  /** Its path, if it can be read in place; absent if it was compressed or comes over a pipe. */
  readonly path: string | undefined;
}

/**
 * Reads a file in place; a source without a file of its own is written to a temporary one first.
 *
 * @param read reads the file at a path
 * @throws {FileError} if the temporary file can't be written
 */
export async function* fromFile<Element>(
  { chunks, path }: FileSource,
  read: (path: string) => AsyncIterable<Element> | Iterable<Element>,
): AsyncGenerator<Element> {
  if (path !== undefined) yield* read(path);
  else yield* fromCopy((copy) => pipeline(chunks, createWriteStream(copy)), read);
}

/** Reads from copies of files, placed in one directory and keeping their suffixes. */
export async function* fromCopies<Element>(
  path: string,
  endings: readonly string[],
  read: (path: string) => AsyncIterable<Element> | Iterable<Element>,
): AsyncGenerator<Element> {
  yield* fromCopy(async (copy) => {
    for (const ending of ['', ...endings]) await copyFile(path + ending, copy + ending);
  }, read);
}

async function* fromCopy<Element>(
  write: (copy: string) => Promise<void>,
  read: (path: string) => AsyncIterable<Element> | Iterable<Element>,
): AsyncGenerator<Element> {
  const folder = await copying(mkdtemp(join(tmpdir(), 'threat-consensus-')));
  try {
    const copy = join(folder, 'input');
    await copying(write(copy));
    yield* read(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** If a temporary copy can't be made, reports its path and how to choose another directory. */
async function copying<Result>(step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (cause) {
    const use: FileUse = {
      action: 'write',
      what: 'a temporary copy of the input in',
      path: tmpdir(),
      elsewhere: 'set TMPDIR to another folder',
    };
    throw isFileSystemError(cause) ? fileError(cause, use) : cause;
  }
}
