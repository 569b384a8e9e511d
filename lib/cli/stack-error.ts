import { ReportedError } from '../errors/reported-error.ts';
import { LocalStackError, type LocalStackErrorCode } from '../local/errors.ts';

/** The embedded stack failed. */
class StackError extends ReportedError {
  override readonly name = 'StackError';
  readonly code: LocalStackErrorCode;

  constructor(cause: LocalStackError) {
    super(cause.message, { cause });
    this.code = cause.code;
  }
}

/** Turns an error of the embedded stack, which knows nothing of commands, into one that is reported; others stay. */
export function stackError(error: unknown): unknown {
  return error instanceof LocalStackError ? new StackError(error) : error;
}
