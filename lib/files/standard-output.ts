import { once } from 'node:events';
import { ReportedError } from '../errors/reported-error.ts';
import { type FileError, fileError } from './file-error.ts';

/** Thrown when the reader of standard output has gone, so there is nothing left to do. */
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
 * Handles write errors of standard output, which would otherwise end the process with a stack trace. Call it once,
 * before anything is written.
 */
export function watchStandardOutput(): void {
  process.stdout.on('error', (cause) => {
    // A reader that stops early (`| head`) is not a failure.
    if (!isClosedPipe(cause)) failure ??= outputError(cause);
  });
  // Nobody can be notified of it; the exit code stays the same.
  process.stderr.on('error', () => {});
}

/**
 * Writes to standard output as fast as its reader accepts it.
 *
 * @throws {OutputClosedError} if the reader has gone (`| head`)
 * @throws {FileError} if an earlier write failed
 */
export async function writeText(text: string): Promise<void> {
  if (failure !== undefined) throw failure;
  if (process.stdout.destroyed || process.stdout.writableEnded) throw new OutputClosedError();
  if (!process.stdout.write(text)) await drained();
}

/**
 * Waits until everything is written, or the reader has gone.
 *
 * @throws {FileError} if a write failed
 */
export async function flushStandardOutput(): Promise<void> {
  const { stdout } = process;
  if (!stdout.destroyed && !stdout.writableEnded) {
    await new Promise<void>((resolve) => stdout.write('', () => setImmediate(resolve)));
  }
  if (failure !== undefined) throw failure;
}

/** Waits until standard output accepts more, or is closed; leaves no listener behind. */
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
