import { OutputClosedError, writeText } from '../../files/standard-output.ts';

/**
 * Writes lines to standard output as fast as its reader accepts them, so that output of any length needs little memory.
 *
 * @throws {OutputClosedError} when the reader is gone (`| head`)
 * @throws {FileError} when standard output can't be written
 */
export async function writeLines(lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
  for await (const line of lines) await writeText(`${line}\n`);
}

/**
 * Writes lines as {@link writeLines} does, for commands whose exit code is a result: a reader that has read enough
 * still needs that code.
 *
 * @throws {FileError} when standard output can't be written
 */
export async function writeConclusion(lines: Iterable<string>): Promise<void> {
  try {
    await writeLines(lines);
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}
