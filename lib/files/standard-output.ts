import { once } from 'node:events';
import { ReportedError } from '../errors/reported-error.ts';
import { type FileError, fileError } from './file-error.ts';

/** Raised when the reader of standard output has gone: nothing more needs to be done. */
export class OutputClosedError extends ReportedError {
  override readonly name = 'OutputClosedError';
  readonly code = 'output_closed';

  override get exitCode(): number {
    return 0;
  }

  override get isSilent(): boolean {
    return true;
  }
}

let failure: FileError | undefined;

/**
 * Notices that standard output can't be written. Without, such an error would end the process at once, with a stack
 * trace. To be called once, before anything is written.
 */
export function watchStandardOutput(): void {
  process.stdout.on('error', (cause) => {
    // A reader that has seen enough (`| head`) is no failure.
    if (!isClosedPipe(cause)) failure ??= outputError(cause);
  });
  // Nobody is left to notify of it; the exit code says what it always says.
  process.stderr.on('error', () => {});
}

/**
 * Writes a text to standard output as fast as its reader takes it.
 *
 * @throws {OutputClosedError} when the reader has gone (`| head`)
 * @throws {FileError} when an earlier text could not be written
 */
export async function writeText(text: string): Promise<void> {
  if (failure !== undefined) throw failure;
  if (process.stdout.destroyed || process.stdout.writableEnded) throw new OutputClosedError();
  if (!process.stdout.write(text)) await drained();
}

/**
 * Waits until everything is written, or the reader has gone.
 *
 * @throws {FileError} when something could not be written
 */
export async function flushStandardOutput(): Promise<void> {
  const { stdout } = process;
  if (!stdout.destroyed && !stdout.writableEnded) {
    await new Promise<void>((resolve) => stdout.write('', () => setImmediate(resolve)));
  }
  if (failure !== undefined) throw failure;
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
    throw isClosedPipe(error) ? new OutputClosedError() : outputError(error);
  } finally {
    waiting.abort();
  }
}

function outputError(cause: unknown): FileError {
  return fileError(cause, { action: 'write', path: 'standard output', elsewhere: 'redirect it elsewhere' });
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
