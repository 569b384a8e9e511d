import { once } from 'node:events';

/** Raised when the reader of standard output has gone: nothing more needs to be done. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}

/**
 * Writes lines to standard output as fast as its reader takes them, so that output of any length needs little
 * memory.
 *
 * @throws {OutputClosedError} when the reader has gone (`| head`)
 */
export async function writeLines(lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
  for await (const line of lines) await writeText(`${line}\n`);
}

/** Writes a text to standard output as it is; the same otherwise. */
export async function writeText(text: string): Promise<void> {
  if (process.stdout.destroyed || process.stdout.writableEnded) throw new OutputClosedError();
  if (!process.stdout.write(text)) await drained();
}

/** Waits until standard output takes more, or is closed; leaves no listener behind. */
async function drained(): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    await Promise.race([
      once(process.stdout, 'drain', { signal }),
      once(process.stdout, 'close', { signal }),
    ]);
  } catch (error) {
    throw isClosedPipe(error) ? new OutputClosedError() : error;
  } finally {
    waiting.abort();
  }
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
