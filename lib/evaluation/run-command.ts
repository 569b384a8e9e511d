import { ReportedError } from '../errors/reported-error.ts';
import { flushStandardOutput, watchStandardOutput } from '../files/standard-output.ts';

/**
 * Runs a command of this folder and sets the exit code: 0 success, 1 failure, 2 wrong usage. Errors that the user can
 * fix are one line on standard error, without a stack trace.
 */
export async function runCommand(usage: string, command: () => Promise<void>): Promise<void> {
  watchStandardOutput();
  try {
    await command();
    await flushStandardOutput();
  } catch (error) {
    if (isArgumentError(error)) {
      process.stderr.write(`${error.message.split('\n', 1)[0]}\n${usage}\n`);
      process.exitCode = 2;
    } else if (error instanceof ReportedError) {
      if (!error.isSilent) process.stderr.write(`${error.message}\n`);
      if (error.exitCode !== 0) process.exitCode = error.exitCode;
    } else {
      throw error;
    }
  }
}

/** Wrong usage of a command. */
export class UsageError extends ReportedError {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';

  override get exitCode(): number {
    return 2;
  }
}

function isArgumentError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
}
