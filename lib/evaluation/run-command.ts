import { FileError } from '../files/file-error.ts';
import { flushStandardOutput, OutputClosedError, watchStandardOutput } from '../files/standard-output.ts';
import { EvaluationError } from './evaluation-error.ts';

/**
 * Runs a command of this folder and sets the exit code: 0 done, 1 it could not be done, 2 it was called wrongly. What a
 * user can put right is one line on standard error, without a stack trace.
 */
export async function runCommand(usage: string, command: () => Promise<void>): Promise<void> {
  watchStandardOutput();
  try {
    await command();
    await flushStandardOutput();
  } catch (error) {
    if (error instanceof OutputClosedError) return;
    if (error instanceof EvaluationError || error instanceof FileError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    } else if (isArgumentError(error)) {
      process.stderr.write(`${error.message.split('\n', 1)[0]}\n${usage}\n`);
      process.exitCode = 2;
    } else {
      throw error;
    }
  }
}

/** A call that does not fit the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

function isArgumentError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
}
