/** 1: something failed. 2: the command was called wrongly. */
export type FailureCode = 1 | 2;

/** An expected end with bad news: its message is the one line that the user gets. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: FailureCode;

  constructor(message: string, exitCode: FailureCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The user or the system asked the command to stop before it was done. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}
